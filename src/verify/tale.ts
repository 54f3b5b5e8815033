/** What leads to a finding, as a text: a history where there is one to go on with. */
import { describe } from '../core/describe.ts';
import type { BrokerRequest } from '../ports/broker.ts';
import {
  balanceOf,
  type Episode,
  historyOf,
  type Prologue,
  prologueOf,
  walk,
} from './counterexample.ts';
import type { Scope } from './scope.ts';
import type { Finding, Verification } from './verification.ts';

export type Tale = {
  readonly finding: Finding;
  readonly text: string;
};

/** `told` is what was told before; null where nothing can be gone on with. */
export function taleOf(
  { matter, scope, start }: Verification,
  finding: Finding,
  told: Prologue | null = prologueOf(matter, finding.text),
): Tale {
  const episodes = walk(scope, finding.trace, start);
  if (matter.plan === 'detached' || told === null) {
    return { finding, text: `${episodes.flatMap((one) => plainly(one, scope)).join('\n')}\n` };
  }
  return { finding, text: historyOf(told, episodes, scope) };
}

/** What was told so far, under the finding's name; its own laws are not asked of what comes after. */
export function goneOn({ text, at }: Prologue, from: string, finding: Finding): Prologue {
  const [, ...lines] = text.split('\n').filter((line) => !line.startsWith('laws '));
  const title = `# ${finding.text}: what could happen after ${from}`;
  return { text: [title, ...lines, '', '# From here on it is explored.'].join('\n'), at: at + 1 };
}

/** The router of that night keeps no records: there is what it sent, and the balance. */
function plainly(episode: Episode, scope: Scope): readonly string[] {
  const { label, passed } = episode;
  const stepped = passed.some(({ type }) => type === 'stepped');
  const lines = passed.flatMap((one) => {
    if (one.type === 'stepped') return describe(one.before, one.fact, one.ready);
    return one.type === 'sent' && !stepped ? [`  => ${sentLine(one.request)}`] : [];
  });
  return [
    label,
    ...lines,
    ...balanceOf(episode, scope).map((line) => line.replace('# At', '  == at')),
  ];
}

function sentLine(request: BrokerRequest): string {
  if (request.request === 'cancelOrder') return `cancel ${request.orderId}`;
  if (request.request !== 'placeOrder') return request.request;
  const { orderId, orderRef, action, totalQuantity, orderType, lmtPrice, auxPrice } =
    request.ticket;
  const price = lmtPrice ?? auxPrice ?? '';
  return `place ${orderId} ${orderRef} ${action} ${totalQuantity} ${orderType} ${price}`.trimEnd();
}
