/** The kinds of night that are gone through, and what each must have met to count. */
import type { Weather } from './nights.ts';

export const WEATHERS: Readonly<Record<string, Weather>> = {
  calm: { faults: {}, troubles: {} },
  'words delayed, reordered and repeated': {
    faults: { delay: 0.2, reorder: 0.1, repeat: 0.2 },
    troubles: {},
  },
  'words lost': { faults: { lose: 0.05, repeat: 0.1 }, troubles: {} },
  'IB lost behind TWS': { faults: { cutLink: 0.01, cutMs: 3_000, repeat: 0.1 }, troubles: {} },
  'fills after cancels, statuses left out': {
    faults: { fillAfterCancel: 0.5, omitStatus: 0.2 },
    troubles: {},
  },
  'prices corrected': { faults: { correct: 0.2, repeat: 0.1 }, troubles: {} },
  'crashes of ours': { faults: {}, troubles: { crash: 0.02 } },
  'sockets cut': { faults: {}, troubles: { cut: 0.02 } },
  'all of it': {
    faults: {
      ...{ delay: 0.1, reorder: 0.1, repeat: 0.1, lose: 0.03, cutLink: 0.005 },
      ...{ fillAfterCancel: 0.4, omitStatus: 0.1, correct: 0.05 },
    },
    troubles: { cut: 0.01, crash: 0.01 },
  },
};
