/** The night, told twice, and judged. */

import { tellDetached } from './detached.ts';
import { type InterlockedTelling, tellInterlocked } from './interlocked.ts';
import { NIGHT, type Night } from './night.ts';
import type { Telling } from './telling.ts';
import { type Claim, claimsOfDetached, claimsOfInterlocked } from './verdict.ts';

export type Told = {
  readonly night: Night;
  readonly detached: Telling;
  readonly interlocked: InterlockedTelling;
  readonly claims: readonly Claim[];
};

export function tellTwice(night: Night = NIGHT): Told {
  const detached = tellDetached(night);
  const interlocked = tellInterlocked(night);
  const claims = [...claimsOfDetached(detached), ...claimsOfInterlocked(interlocked, night)];
  return { night, detached, interlocked, claims };
}

export const exitCodeOf = ({ claims }: Told): 0 | 1 => (claims.every((one) => one.holds) ? 0 : 1);
