import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadWorkspace, type Workspace } from '../documents/workspace.ts';
import { iri, purposes, termOf } from '../policy/vocab.ts';
import { odrlTerms } from './terms.ts';
import { readTerms } from './terms-read.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await loadWorkspace(resolve('examples/toy-offer'));
});

function terms(recipient: string | null) {
  const [request] = workspace.requests;
  const agreement = workspace.agreements.find(({ id }) => id === request?.agreement);
  const party = (id: string) => workspace.organisations.find((each) => each.id === id);
  const to = party(recipient ?? request?.chain[0]?.organisation ?? '');
  const supplier = party(workspace.sources[0]?.organisation ?? '');
  if (!request || !agreement || !supplier || !to) throw new RangeError('the example lacks a document');
  const made = odrlTerms({ release: 'r', day: '2026-11-22', request, agreement, supplier, recipient: to });
  return { request, made, text: JSON.stringify(made) };
}

test('an IRI is read back as the term it was written from, and an unknown one stays', () => {
  for (const term of purposes.keys()) expect(termOf(iri(term) ?? '')).toBe(term);
  for (const text of ['https://people.example/x', 'dpv:Marketing', '']) expect(termOf(text)).toBe(text);
});

describe('the terms of a supply', () => {
  test('are read as they were written, for every party of the chain', () => {
    for (const { organisation, role } of terms(null).request.chain) {
      const { request, text } = terms(organisation);
      const read = readTerms(text);
      expect(read).toMatchObject({
        purposes: request.purposes,
        contactChannels: request.contactChannels,
        ...request.use,
        deleteBy: request.deleteBy,
      });
      expect(read.informBy === null).toBe(role === 'processor');
      const place = request.chain.findIndex((party) => party.organisation === organisation);
      expect(read.passOnTo).toEqual(request.chain.slice(place + 1).map((party) => party.organisation));
    }
  });

  test.each<readonly [string, (text: string) => string]>([
    ['that are no JSON', (text) => text.slice(0, -1)],
    ['without a day to delete by', (text) => text.replace('"delete"', '"keep"')],
    ['with two', (text) => text.replace('"astold:obeyStops"', '"delete"')],
    ['without an end', (text) => text.replace('"lteq"', '"before"')],
    ['whose day is none', (text) => text.replace(/"@value":"[^"]*"/, '"@value":"2026-02-30"')],
    ['of no purpose', (text) => text.replace('"purpose"', '"aim"')],
    ['that are an offer', (text) => text.replace('"Agreement"', '"Offer"')],
  ])('%s are refused', (_, change) => {
    const { text } = terms(null);
    expect(change(text)).not.toBe(text);
    expect(() => readTerms(change(text))).toThrow(expect.objectContaining({ code: 'terms-malformed' }));
  });
});
