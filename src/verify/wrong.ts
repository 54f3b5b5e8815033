/** What no run may show: a broken law of ours, an order sent twice, a stop that was taken away. */
export type Wrong = { readonly id: WrongId; readonly text: string };

export const WRONGS = ['laws', 'resent', 'covered'] as const;

export type WrongId = (typeof WRONGS)[number];
