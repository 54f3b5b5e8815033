/** What happens at the venue because somebody wants it, and what follows of it outside the book. */
import type { BookAction } from '../simulator/book.ts';
import { proceeds } from './executions.ts';
import type { Inside } from './inside.ts';
import { toldPosition } from './telling.ts';

/** The book says in a RangeError what cannot happen; then nothing has. */
export function happen(inside: Inside, action: BookAction, at: number): void {
  const { venue, executions, accounts } = inside;
  const busted = action.type === 'bust' ? executions.find(action.execId) : undefined;
  venue.happen(action, at);
  inside.tellAll(venue.advance(at));
  switch (action.type) {
    case 'bust':
      executions.bust(action.execId);
      accounts.correct(venue.truth());
      if (busted !== undefined) {
        const { word, charged } = busted;
        accounts.pay(word.account, charged.commission - proceeds(word));
        toldPosition(inside, word.account, word.symbol, at);
      }
      return;
    case 'foreignTrade':
      accounts.pay(
        action.account,
        proceeds({ ...action, side: action.action === 'BUY' ? 'BOT' : 'SLD' }),
      );
      accounts.correct(venue.truth());
      return toldPosition(inside, action.account, action.symbol, at);
    case 'newDay':
      return executions.forget();
    default:
      return;
  }
}
