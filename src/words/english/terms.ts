/** Purposes and ways of contact in plain words, as every page says them. A term that is not here is named as it is listed. */
import type { ContactChannel, Term } from '../../policy/model.ts';
import { label } from '../../policy/vocab.ts';

/** `for`: as an end of "Your address was given for ..."; `to`: of "They use it ...", with the legal name where there is one. */
const purposes: Readonly<Record<Term, { readonly for: string; readonly to: string }>> = {
  'dpv:Marketing': { for: 'advertising', to: 'to sell things (marketing)' },
  'dpv:Advertising': { for: 'advertising', to: 'to advertise' },
  'dpv:PersonalisedAdvertising': { for: 'advertising chosen for you', to: 'to advertise what fits you' },
  'dpv:TargetedAdvertising': { for: 'advertising chosen for you', to: 'to advertise what fits you' },
  'dpv:DirectMarketing': { for: 'sending you advertising', to: 'to offer you things (direct marketing)' },
  'dpv:PoliticalCampaign': {
    for: 'political campaigning',
    to: 'for politics: to win votes or support (political campaigning)',
  },
  'astold:Fundraising': {
    for: 'asking you for money for a good cause',
    to: 'to ask you for money (fundraising)',
  },
  'astold:AskAgain': {
    for: 'asking you again what you agree to',
    to: 'to ask you again whether you agree',
  },
  'astold:Profiling': {
    for: 'choosing whom to write to',
    to: 'to choose people by what is known of them (profiling)',
  },
  'astold:PoliticalProfiling': {
    for: 'choosing whom to write to in a political campaign',
    to: 'to choose whom to reach for politics',
  },
  'dpv:RequestedServiceProvision': { for: 'something you asked for', to: 'to give you what you asked for' },
  'dpv:DeliveryOfGoods': { for: 'bringing you what you ordered', to: 'to bring you what you ordered' },
  'dpv:SellDataToThirdParties': {
    for: 'selling details about you to others',
    to: 'to sell your details to others',
  },
  'astold:CreditAssessment': {
    for: 'deciding whether you can borrow',
    to: 'to decide whether you can borrow',
  },
  'astold:InsuranceAssessment': {
    for: 'deciding about insurance for you',
    to: 'to decide about insurance for you',
  },
};

/** `by`: how somebody is reached; `what`: what reaches them. */
const channels: Readonly<Record<ContactChannel, { readonly by: string; readonly what: string }>> = {
  post: { by: 'by post', what: 'letters by post' },
  email: { by: 'by e-mail', what: 'e-mail' },
  sms: { by: 'by text message', what: 'text messages' },
  call: { by: 'by telephone', what: 'telephone calls by a person' },
  'automated-call': { by: 'by recorded calls', what: 'telephone calls by a machine' },
  'online-audience': { by: 'by adverts online', what: 'adverts aimed at people online' },
};

export const forWhat = (term: Term): string => purposes[term]?.for ?? label(term);
export const toDoWhat = (term: Term): string => purposes[term]?.to ?? label(term);
export const byWhat = (channel: string): string => channels[channel as ContactChannel]?.by ?? `by ${channel}`;
export const reachedBy = (channel: string): string => channels[channel as ContactChannel]?.what ?? channel;

/** What the vocabulary calls something (`label` of `policy/vocab.ts`), in plain words already: another language has a table of it. */
export const called = (label: string): string => label;

const ordinals = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const childOf = (n: number | null): string => {
  if (n === null) return 'your child';
  const ordinal = ordinals[n - 1];
  return ordinal === undefined ? `your child number ${n}` : `your ${ordinal} child`;
};

const parts = {
  forename: 'forename',
  surname: 'surname',
  addressLine: 'home address',
  postcode: 'postcode',
  email: 'e-mail address',
  phone: 'telephone number',
  birthDate: 'date of birth',
  deceased: 'whether the person has died',
  goneAway: 'whether you have moved away',
  lastAct: 'the last day you did something with us',
  membershipEnd: 'the day you leave',
} as const;

/** As a line begins. */
export const capitalised = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** A detail that is held, as people call it; of what is not plain by its kind its own name as well. */
export function detailCalled(detail: {
  readonly field: string;
  readonly what: string;
  readonly ofChild: boolean;
  readonly as: keyof typeof parts | 'childBorn' | 'childDied' | 'childNamed' | 'other';
  readonly child: number | null;
}): string {
  const { field, what, ofChild, as, child } = detail;
  switch (as) {
    case 'childBorn':
      return `date of birth of ${childOf(child)}`;
    case 'childDied':
      return `whether ${childOf(child)} has died`;
    case 'childNamed':
      return `${what} of ${childOf(child)}`;
    case 'other': {
      const plain = `${ofChild ? 'your child: ' : ''}${what}`;
      const own = field.replaceAll('_', ' ');
      return own.toLowerCase() === what.toLowerCase() ? plain : `${plain} (${own})`;
    }
    default:
      return parts[as];
  }
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
