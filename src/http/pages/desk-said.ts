/** What was typed at the desk as an input, what was wrong with it beside its field, and the answers in words. */
import { html } from 'hono/html';
import type { Refused } from '../../app/people/prefer-check.ts';
import type { AgreedOf, Wording } from '../../app/window/agreed-wording.ts';
import { allAtoms } from '../../app/window/consent-atoms.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Html } from '../../pages/frame.ts';
import type { Answered, Choices, SaidKind } from '../../pages/window/desk-entry.ts';
import type { DeskPlace, Typed } from '../../pages/window/desk-find.ts';
import { type Choice, type FormFault, lines } from '../../pages/window/form-parts.ts';
import type { Instant, Scope } from '../../policy/model.ts';

type Words = DeskPlace['words'];
const orNull = (text: string | undefined): string | null =>
  (text ?? '').trim() === '' ? null : (text ?? '').trim();

/** The parts that an event of that kind has. */
export function saidIn(kind: SaidKind, typed: Typed): Readonly<Record<string, string | null>> {
  const how = { kind, by: typed.by ?? '', signed: orNull(typed.signed), received: orNull(typed.received) };
  if (kind === 'lift') return { ...how, lifts: orNull(typed.lifts) };
  const [notice, consent] = (typed.consent ?? '').split('|');
  if (kind === 'consent') return { ...how, notice: orNull(notice), consent: orNull(consent) };
  const scope = {
    purpose: orNull(typed.purpose),
    organisation: orNull(typed.organisation),
    channel: orNull(typed.channel),
  };
  if (kind !== 'withdrawal') return { ...how, ...scope };
  return { ...how, ...scope, notice: orNull(notice), consent: orNull(consent) };
}

export type Covered = { readonly wording: Wording; readonly scopes: readonly Scope[] };

/**
 * Of a yes, what its words cover; and of one taken back, by its words alone: each to be recorded as one withdrawal, as the
 * member's own page does it: of words that were changed all that they ever covered, for nobody here knows when the yes was said.
 * Null where it is taken as it was typed: a scope left out there is all of it.
 */
export function coveredBy(
  { organisations }: Workspace,
  agreed: AgreedOf,
  kind: SaidKind,
  typed: Typed,
  now: Instant,
): Covered | null {
  const scoped = [typed.purpose, typed.organisation, typed.channel].some((part) => orNull(part) !== null);
  if (kind !== 'consent' && (kind !== 'withdrawal' || scoped)) return null;
  const [notice, consent] = (typed.consent ?? '').split('|');
  const given = agreed(
    orNull(notice),
    orNull(consent),
    kind === 'consent' ? (orNull(typed.signed) ?? orNull(typed.received) ?? now) : null,
  );
  if (given === null) return null;
  const { wording, consents } = given;
  return {
    wording,
    scopes: allAtoms(organisations, kind === 'consent' ? [consents[0]] : consents),
  };
}

/** The words of the desk where it has some; else those of the check itself. */
export function entryFault(words: Words, { code, message }: Refused): FormFault {
  const { faults, other } = words.entry;
  return { field: fieldOf(code, message), text: faults[code] ?? other };
}

function fieldOf(code: string, message: string): string {
  if (code === 'time-disorder') return 'signed';
  if (code.startsWith('time-'))
    return message.includes('--received') ? 'received' : message.includes('--birth') ? 'birthDate' : 'signed';
  const [named] = /--[a-z-]+/.exec(message) ?? [];
  const places: Readonly<Record<string, string>> = {
    ...{ 'received-by-unknown': 'by', 'purpose-unknown': 'purpose', 'organisation-unknown': 'organisation' },
    ...{ 'channel-unknown': 'channel', 'notice-unknown': 'consent', 'consent-unknown': 'consent' },
    ...{ 'lifts-unknown': 'lifts', 'details-too-few': 'surname', 'kind-unknown': 'kind' },
  };
  if (code === 'option-missing') return named === '--lifts' ? 'lifts' : 'consent';
  if (code === 'text-malformed' && named !== undefined)
    return named.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return places[code] ?? 'by';
}

/** In the order of the form; a part left out is all of it. */
export function answersOf(
  words: Words,
  kind: SaidKind,
  typed: Typed,
  choices: Choices,
  /** The chosen words and what they cover, where that is what is recorded. */
  covered: { readonly wording: Wording; readonly scopes: readonly Html[] } | null,
): Answered {
  const { entry } = words;
  const { labels } = entry;
  const chosen = (options: readonly Choice[], value: string | undefined, none: string): Html | string =>
    options.find((option) => option.value === value)?.text ?? none;
  /** In full, as they were put to them: the list to choose from cuts them short. */
  const wordsOf = (shown: Html | string): Html | string =>
    covered === null
      ? shown
      : html`<q lang="en">${covered.wording.text}</q>${covered.wording.changed ? html`<br><span class="soft">${entry.wordsChanged}</span>` : ''}`;
  const what: Answered =
    kind === 'lift'
      ? [[labels.lifts, chosen(choices.lifts, typed.lifts, '')]]
      : [
          ...(kind === 'consent' || kind === 'withdrawal'
            ? [[labels.consent, wordsOf(chosen(choices.consent, typed.consent, entry.consentNone))] as const]
            : []),
          ...(covered === null
            ? ([
                [labels.purpose, chosen(choices.purpose, typed.purpose, entry.all)],
                [labels.organisation, chosen(choices.organisation, typed.organisation, entry.all)],
                [labels.channel, chosen(choices.channel, typed.channel, entry.all)],
              ] as const)
            : [[kind === 'consent' ? labels.allowed : labels.covered, lines(covered.scopes)] as const]),
        ];
  const standing = choices.lifts.map(({ text, help }) => html`${text} (${help ?? ''})`);
  const stops: Answered =
    kind === 'consent'
      ? [[labels.standing, standing.length === 0 ? entry.standingNone : lines(standing)]]
      : [];
  return [[labels.kind, words.kinds[kind][0]], ...what, ...stops, ...howAnswers(words, typed)];
}

export function howAnswers({ entry, ways, moment }: Words, typed: Typed): Answered {
  const on = (text: string | undefined): Answered[number][1] | null => {
    const written = orNull(text);
    return written === null ? null : moment(written);
  };
  const [signed, received] = [on(typed.signed), on(typed.received)];
  return [
    [entry.by, ways[typed.by ?? ''] ?? ''],
    ...(signed === null ? [] : [[entry.signed, signed] as const]),
    ...(received === null ? [] : [[entry.received, received] as const]),
  ];
}
