/** Consents that do not count (C1): opt-out, soft, bundled, or naming nobody; those declared, and those in the text. */
import type { DraftConsent, NoticeDraft } from './draft.ts';
import { article, type Era, eraOf } from './era.ts';
import type { Cited, Span, SpanFinding } from './finding.ts';

const optOutWords =
  /\b(?:(?:tick|check|cross)\b[^.]{0,40}\bif you (?:do not|don['’]t|would (?:rather|prefer) not|wish not|object)|(?<!\b(?:not|never|only|cannot)\b[^.]{0,120})unless you (?:tell|tick|opt|object|say|indicate|ask us not)|un-?tick|pre-?ticked|opt(?:ing)? out|(?:do not|don['’]t) (?:wish|want) to (?:receive|be contacted|hear))\b/gi;
const impliedWords =
  /\bby (?:using|visiting|joining|registering|providing|giving|submitting|signing|continuing|completing|returning)\b[^.]{0,80}\byou (?:\w+ ){0,2}(?:agree|consent|accept|authori[sz]e)\b|\byou (?:are )?deemed to (?:have )?(?:agree|consent)\w*/gi;

function optOut(era: Era): Cited {
  if (era === 'dpa-1998')
    return { label: 'guidance', source: 'ICO direct marketing guidance, on opt-out boxes' };
  return { label: 'law', source: `${article(era, '4(11)')}; CJEU C-673/17 Planet49` };
}
function bundling(era: Era): Cited {
  if (era === 'dpa-1998')
    return { label: 'guidance', source: 'ICO direct marketing guidance, on specific consent' };
  return { label: 'guidance', source: `ICO consent guidance; ${article(era, '7(2)')}, recital 43` };
}
function softOptIn(era: Era): Cited {
  return { label: 'law', source: era === 'uk-gdpr' ? 'PECR reg 22(3) and (3A)' : 'PECR reg 22(3)' };
}
const atoms: Cited = { label: 'policy', source: 'rule A2' };
const naming: Cited = { label: 'guidance', source: 'ICO consent guidance, on naming every controller' };

/** Words that speak of each way of contact; a way of no entry is for the documents' own check. */
const ways: ReadonlyMap<string, RegExp> = new Map([
  ['post', /\b(?:post|postal|posted|letters?|catalogues?|magazines?)\b|(?<!\be-?)\bmail(?:ed|ings?)?\b/i],
  ['email', /\be-?mail/i],
  ['sms', /\b(?:texts?|text messages?|sms)\b/i],
  ['call', /\b(?:calls?|phone|telephone|ring)\b/i],
  ['automated-call', /\b(?:automated|automatic|recorded)\b/i],
  ['online-audience', /\b(?:online|on-line|social media|social networks?|websites?|web sites?|internet)\b/i],
]);

/** Findings on consents; the text's own consent wording is looked at too, mapped or not. */
export function consentFindings(draft: NoticeDraft): readonly SpanFinding[] {
  const era = eraOf(draft.shownFrom);
  const declared = draft.consents.flatMap((consent) => ofConsent(consent, era));
  const said = [
    ...ofText(
      draft,
      optOutWords,
      'consent/opt-out-wording',
      'asks people to act to refuse: silence is not consent',
      optOut(era),
    ),
    ...ofText(draft, impliedWords, 'consent/implied', 'takes something else as consent', optOut(era)),
  ];
  return [...declared, ...said];
}

function ofConsent(consent: DraftConsent, era: Era): readonly SpanFinding[] {
  const found: SpanFinding[] = [];
  const span = consent.wording?.span ?? consent.span;
  const say = (topic: string, message: string, cited: Cited) =>
    found.push({
      rule: 'consent',
      id: `consent/${topic}`,
      level: topic === 'several-purposes' ? 'note' : 'warning',
      span,
      message: `consent "${consent.id}" ${message}`,
      ...cited,
    });
  const optOutInWording = [...(consent.wording?.text.matchAll(optOutWords) ?? [])][0]?.[0];
  if (consent.kind === 'opt-out') say('opt-out', 'is opt-out: no release can rest on it', optOut(era));
  else if (consent.kind === 'soft')
    say('soft', 'is a soft opt-in: it never serves another organisation', softOptIn(era));
  else if (consent.kind !== 'opt-in')
    say('kind-unknown', 'does not say whether it is opt-in: it counts as no consent', optOut(era));
  else if (optOutInWording)
    say('reads-as-opt-out', `is called opt-in but reads as opt-out: "${optOutInWording}"`, optOut(era));
  if (consent.bundled !== false) {
    say(
      'bundled',
      consent.bundled ? 'is bundled: one tick for several things' : 'does not say whether it is bundled',
      bundling(era),
    );
  } else if (consent.purposes.length > 1) {
    say(
      'several-purposes',
      `asks one tick for ${consent.purposes.length} purposes: are they one thing to a reader?`,
      bundling(era),
    );
  }
  if (consent.controllers.length === 0)
    say('names-nobody', 'names no controller: a category is not specific enough', naming);
  if (consent.kind === 'opt-in' && consent.contactChannels.length === 0)
    say('no-ways', 'speaks of no way of contact (contact-channels): it permits none', atoms);
  const unsaid = consent.contactChannels.filter(
    (channel) => consent.wording !== null && ways.get(channel)?.test(consent.wording.text) === false,
  );
  for (const channel of unsaid)
    say('way-not-said', `is said to be for ${channel}, of which its wording does not speak`, atoms);
  if (consent.wording === null) {
    say(
      'no-wording',
      'has no wording: nobody can show what was agreed',
      era === 'dpa-1998' ? naming : { label: 'law', source: article(era, '7(1)') },
    );
  }
  return found;
}

function ofText(
  draft: NoticeDraft,
  words: RegExp,
  id: string,
  says: string,
  cited: Cited,
): readonly SpanFinding[] {
  return [...draft.shown.slice(draft.bodyStart).matchAll(words)].map((match) => {
    const start = draft.bodyStart + match.index;
    const span: Span = { start, end: start + match[0].length };
    return {
      rule: 'consent',
      id,
      level: 'warning',
      span,
      message: `"${match[0].replace(/\s+/g, ' ')}" ${says}`,
      ...cited,
    };
  });
}
