/** Every finding the linter can make, by id: the rule table of SARIF, and a check that no id is made elsewhere. */
import type { LintLevel } from './finding.ts';
import { topics } from './topics.ts';
import { vagueIds } from './vague.ts';

export type LintRuleEntry = { readonly id: string; readonly level: LintLevel; readonly text: string };

const consents: readonly (readonly [string, string])[] = [
  ['opt-out', 'A consent is opt-out.'],
  ['soft', 'A consent is a soft opt-in.'],
  ['kind-unknown', 'A consent does not say whether it is opt-in.'],
  ['reads-as-opt-out', 'A consent is called opt-in but its wording is opt-out.'],
  ['bundled', 'A consent is bundled, or does not say that it is not.'],
  ['several-purposes', 'One consent is asked for several purposes.'],
  ['names-nobody', 'A consent names no controller.'],
  ['no-wording', 'A consent has no wording.'],
  ['no-ways', 'A consent speaks of no way of contact, and so permits none.'],
  ['way-not-said', 'A consent is said to be for a way of contact that its wording does not speak of.'],
  ['opt-out-wording', 'The text asks people to act to refuse.'],
  ['implied', 'The text takes something else as consent.'],
];

/** In the order of the families, then of their tables. */
export const catalogue: readonly LintRuleEntry[] = [
  ...vagueIds.map(
    (id): LintRuleEntry => ({
      id: `vague/${id}`,
      level: 'warning',
      text: `Vague wording: ${id.replaceAll('-', ' ')}.`,
    }),
  ),
  ...topics.map(
    (topic): LintRuleEntry => ({
      id: `missing/${topic.id}`,
      level: topic.needed === 'if-so' ? 'note' : 'warning',
      text: `The notice does not seem to say ${topic.what}.`,
    }),
  ),
  ...consents.map(
    ([id, text]): LintRuleEntry => ({
      id: `consent/${id}`,
      level: id === 'several-purposes' ? 'note' : 'warning',
      text,
    }),
  ),
  { id: 'quote/not-in-text', level: 'error', text: 'A quote does not stand in the text.' },
  { id: 'quote/other-layer', level: 'error', text: 'A quote stands in another layer than it says.' },
  { id: 'quote/too-short', level: 'error', text: 'A quote is a single word.' },
  { id: 'quote/none', level: 'warning', text: 'A dimension of a statement quotes no words.' },
  { id: 'quote/dimension-untold', level: 'warning', text: 'A statement leaves dimensions untold.' },
  { id: 'document/unreadable', level: 'error', text: 'The notice cannot be read.' },
  { id: 'document/no-date', level: 'error', text: 'The notice does not say from when it was shown.' },
];
