import { expect, test } from 'vitest';
import type { Statement } from './model.ts';
import { quotedDimensions, quotesOf } from './telling.ts';

test('each quote of a statement stands once, with all that it tells', () => {
  const [both, post] = [
    { text: 'offers from toy makers', layer: 1 },
    { text: 'by post', layer: 2 },
  ];
  const statement = {
    purposes: { quote: both },
    recipients: { quote: { ...both } },
    data: null,
    contactChannels: { quote: post },
    basis: null,
    retention: null,
  } as unknown as Statement;
  expect(quotedDimensions(statement)).toEqual([
    { quote: both, of: ['purpose', 'recipient'] },
    { quote: post, of: ['contact-channel'] },
  ]);
  expect(quotesOf(statement)).toEqual([both, post]);
});
