/** A wish that was not granted, with every reason. Nothing was sent for it. */
export class Denied extends Error {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join('; '));
    this.name = 'Denied';
    this.reasons = reasons;
  }
}
