/**
 * The protocol of `channels.ts` in Promela, the language of SPIN.
 *
 * Every action is one `d_step`, and both processes rest at the head of their loop, so a state is the
 * variables and the channels and nothing else. The engine's and the broker's own bookkeeping is
 * local to them; the assertion is the invariant of the twin.
 */
export const PROMELA = `
#define STOP 0
#define TARGET 1

mtype = { place, cancel, bought, sold, cancelled };
chan requests = [ROOM] of { mtype, bit };
chan reports = [ROOM] of { mtype, bit };

#define mayPlace(leg) \
  nfull(requests) && !cancelling[leg] && asked[STOP] + asked[TARGET] < position
#define mayCancel(leg) nfull(requests) && !cancelling[leg] && asked[leg] > 0

active proctype engine() {
  byte position;
  byte asked[2];
  bit cancelling[2];
end:
  do
  :: d_step { mayPlace(STOP) -> requests!place(STOP); asked[STOP]++ }
  :: d_step { mayPlace(TARGET) -> requests!place(TARGET); asked[TARGET]++ }
  :: d_step { mayCancel(STOP) -> requests!cancel(STOP); cancelling[STOP] = 1 }
  :: d_step { mayCancel(TARGET) -> requests!cancel(TARGET); cancelling[TARGET] = 1 }
  :: d_step { reports?bought(_) -> position++ }
  :: d_step { reports?sold(STOP) -> position--; asked[STOP]-- }
  :: d_step { reports?sold(TARGET) -> position--; asked[TARGET]-- }
  :: d_step { reports?cancelled(STOP) -> asked[STOP] = 0; cancelling[STOP] = 0 }
  :: d_step { reports?cancelled(TARGET) -> asked[TARGET] = 0; cancelling[TARGET] = 0 }
  od
}

#define maySell(leg) nfull(reports) && working[leg] > 0
#define mayEnd(leg) nfull(reports) && requests?[cancel(leg)]

active proctype broker() {
  byte unbought = LOTS;
  byte held;
  byte working[2];
end:
  do
  :: d_step { nfull(reports) && unbought > 0 -> reports!bought(0); unbought--; held++ }
  :: d_step { maySell(STOP) -> assert(held > 0); reports!sold(STOP); working[STOP]--; held-- }
  :: d_step { maySell(TARGET) -> assert(held > 0); reports!sold(TARGET); working[TARGET]--; held-- }
  :: d_step { requests?place(STOP) -> working[STOP]++ }
  :: d_step { requests?place(TARGET) -> working[TARGET]++ }
  :: d_step { mayEnd(STOP) ->
       requests?cancel(STOP); reports!cancelled(STOP); working[STOP] = 0 }
  :: d_step { mayEnd(TARGET) ->
       requests?cancel(TARGET); reports!cancelled(TARGET); working[TARGET] = 0 }
  od
}
`;
