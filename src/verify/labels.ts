/** What is under way, in a few words, for the labels of a path. */
import type { BrokerRequest, BrokerWord } from '../ports/broker.ts';
import type { Batch, Request } from './messages.ts';

export function labelOfBatch({ words, answers }: Batch): string {
  const last = words.at(-1);
  if (last === undefined) return 'nothing';
  return answers
    ? `${last.word.word} after ${words.length - 1}`
    : words.map(({ word }) => labelOfWord(word)).join(', ');
}

function labelOfWord(word: BrokerWord): string {
  switch (word.word) {
    case 'openOrder':
      return `openOrder ${word.orderRef} ${word.status} ${word.totalQuantity}`;
    case 'orderStatus':
      return `orderStatus ${word.orderId} ${word.status} ${word.filled}/${word.remaining}${word.whyHeld}`;
    case 'execDetails':
      return `execDetails ${word.orderRef} ${word.execId} ${word.shares}`;
    case 'error':
      return `error ${word.code} ${word.id}`;
    default:
      return word.word;
  }
}

export function labelOfRequest({ request }: Request): string {
  return labelOf(request);
}

function labelOf(request: BrokerRequest): string {
  switch (request.request) {
    case 'placeOrder':
      return `placeOrder ${request.ticket.orderRef} ${request.ticket.totalQuantity}`;
    case 'cancelOrder':
      return `cancelOrder ${request.orderId}`;
    default:
      return request.request;
  }
}
