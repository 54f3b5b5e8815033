import { expect, test } from 'vitest';
import { misspelt } from './alphabet.ts';

test('every state answers every fact as the rules have it, whatever is concluded', () => {
  expect(misspelt()).toBeNull();
});
