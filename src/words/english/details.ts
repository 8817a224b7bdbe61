/** Plain words first, the legal name beside them. */
import { counted, day, moment } from '../../policy/figures.ts';
import { byWhat, called, capitalised, detailCalled, listed, toDoWhat } from './terms.ts';

const roles = {
  controller: { short: 'decides how they are used', legal: 'a controller' },
  'joint-controller': { short: 'decides together with others', legal: 'a joint controller' },
  processor: { short: 'works for the others', legal: 'a processor' },
} as const;

const duties = {
  countersign: 'sign for the list they got',
  inform: 'tell you where they got your details',
  'stop-using': 'stop using them',
  delete: 'delete them',
  'obey-stops': 'stop when you say stop',
} as const;

const anchors = {
  collection: 'the day you gave them',
  'last-act': 'the last time you did something with us',
  'end-of-membership': 'the day you leave',
  'child-birthday': 'a birthday of your first child',
  'youngest-child-birthday': 'a birthday of your youngest child',
} as const;

const saidKinds = {
  stop: 'Stop',
  objection: 'Stop (an objection)',
  consent: 'Yes (consent)',
  withdrawal: 'I take back my yes (withdrawal of consent)',
  restriction: 'Keep, but do not use (restriction)',
  erasure: 'Delete my details (erasure)',
  lift: 'I take back a stop',
} as const;

const receivedBy: Readonly<Record<string, string>> = {
  web: 'on this website',
  app: 'in the app',
  phone: 'by phone',
  letter: 'by letter',
  email: 'by e-mail',
};

const collectedBy = { web: 'on a website', app: 'in an app', paper: 'on paper', phone: 'by phone' } as const;

type Scope = {
  readonly purpose: string | null;
  readonly organisation: string | null;
  readonly channel: string | null;
  readonly field: string | null;
};
type Retention =
  | { readonly kind: 'until'; readonly date: string }
  | {
      readonly kind: 'period';
      readonly months: number;
      readonly days: number;
      readonly from: keyof typeof anchors;
      readonly years: number | null;
    };

/** Every part null is everything. */
function scopeWords({ purpose, organisation, channel, field }: Scope): string {
  const parts = [
    ...(purpose === null ? [] : [purpose]),
    ...(organisation === null ? [] : [`by ${organisation}`]),
    ...(channel === null ? [] : [byWhat(channel)]),
    ...(field === null ? [] : [`of your ${field}`]),
  ];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

type Uttered = {
  readonly kind: keyof typeof saidKinds;
  /** Null: of a yes, which is to its words; of a stop taken back that is not known here. */
  readonly scope: Scope | null;
  readonly wording: string | null;
  readonly notice: string | null;
  readonly lifts: string | null;
};
/** What was said, in the words it was said to: a yes is to them, and to nothing else. */
function about({ kind, scope, wording, notice, lifts }: Uttered): string {
  if (kind === 'consent')
    return wording === null
      ? `words${notice === null ? '' : ` of the notice ${notice}`} that were changed since, or are not kept here`
      : `“${wording}”`;
  if (scope === null) return lifts === null ? 'a stop that is not known here' : `the stop number ${lifts}`;
  return kind === 'withdrawal' && wording !== null
    ? `${scopeWords(scope)}. You had said yes to this: “${wording}”`
    : scopeWords(scope);
}

const stopStands = {
  waiting: (by: string): string => `must stop by ${day(by)}.`,
  late: (by: string): string => `had to answer by ${day(by)}, and have not.`,
  done: (): string => 'say they have stopped.',
  'not-held': (): string => 'say they do not have your details.',
  deleted: (): string => 'say they have deleted the whole list.',
  'refused-then-deleted': (): string => 'say they have deleted the whole list.',
  refused: (): string => 'say they will not.',
} as const;

const lasting = (months: number, days: number): string => {
  const years = months % 12 === 0 ? months / 12 : 0;
  const parts = [
    ...(years > 0 ? [counted(years, 'year')] : months > 0 ? [counted(months, 'month')] : []),
    ...(days > 0 || months === 0 ? [counted(days, 'day')] : []),
  ];
  return listed(parts);
};

export const details = {
  title: 'Your details',
  date: day,
  moment,
  list: listed,
  purpose: toDoWhat,
  channel: byWhat,
  called,
  role: (role: keyof typeof roles): string => `${roles[role].short} (${roles[role].legal})`,
  roleShort: (role: keyof typeof roles): string => roles[role].short,
  data: ({ what, ofChild }: { readonly what: string; readonly ofChild: boolean }): string =>
    ofChild ? `your child: ${what}` : what,
  /** What is held, as people call it. */
  detail: detailCalled,
  capital: capitalised,

  changed: (days: number): string =>
    `Did your e-mail address change there in the last ${days} days? Then no link comes, so that nobody else can get in with a new address. Write to them or phone instead.`,
  none: {
    words: (club: string): string => `${club} has no record that can be shown under your e-mail address.`,
    changed: (days: number): string =>
      `If your e-mail address there was changed in the last ${days} days, your details are not shown until then. Write or phone, and they will help you.`,
    next: 'What you can do',
    steps: (club: string): readonly string[] => [
      `Does ${club} have another e-mail address of yours? Sign in with that one.`,
      `If not, write to ${club} or phone them. You can stop, ask and complain that way too. It counts the same.`,
    ],
    again: 'Sign in with another address',
    /** Of a form that was sent. */
    unsent: 'Nothing was sent, and nothing was recorded.',
    typed: 'This is what you wrote. It is not kept here: copy it if you want to send it yourself.',
  },
  whose: {
    one: (name: string | null): string =>
      name === null ? 'You see the record with this e-mail address.' : `You see the record of ${name}.`,
    heading: 'Records with this e-mail address',
    shared:
      'More than one person has this e-mail address here. Whoever reads its mail sees the records of each of them.',
    name: (name: string | null): string => name ?? 'a record without a name',
    hidden: 'No name is shown: you asked for that.',
    elsewhere:
      'We may hold you under another e-mail address too. A link to that one shows what stands there. To be sure, say there as well what you say here.',
    number: (number: number): string => `Record ${number}`,
  },

  who: {
    heading: 'Who has my details, and why',
    nobody: (club: string): string => `Your details are in no list that ${club} has passed on.`,
    unsure: (club: string): string =>
      `We found your details in no list that ${club} has passed on, but we cannot look into all of them.`,
    some: (lists: number): string => `Your details are in ${counted(lists, 'list')} that was passed on.`,
    many: (lists: number): string => `Your details are in ${counted(lists, 'list')} that were passed on.`,
    unknown: (lists: number): string =>
      `Of ${counted(lists, 'other list')} nobody can say any more whether you are in.`,
    picture: (names: readonly string[]): string =>
      `Picture: your details went from ${names.join(', then to ')}.`,
    times: (lists: number): string => (lists === 1 ? 'In one list' : `In ${counted(lists, 'list')}`),
    /** Of stops that stand. */
    stopped: (on: string | null): string =>
      `You have said stop to everything${on === null ? '' : `, on ${moment(on)}`}. Your details go to nobody any more. Whoever has them already is told to stop.`,
    stoppedSome:
      'You have said stop to some of it. It is done no more. Whoever has your details for it already is told to stop.',
    /** Of records that stopped it on different days. */
    stoppedOn: (number: number, on: string | null): string =>
      `Record ${number}: ${on === null ? 'on a day nobody wrote down' : `on ${moment(on)}`}.`,
    stops: 'What you have said',
    answers: 'Who was told, and who has answered',
    /** `by`: the day by which they must have stopped. */
    toldStop: {
      you: 'You said stop.',
      /** Of a stop that reached the record, and that they may not have said: whose it is, is not told. */
      toBeSafe: 'They were told to stop, to be safe.',
      /** Below the lists, once. */
      toBeSafeMeans:
        '“To be safe” means that you may not have said this stop yourself. A stop counts for every record that it may be about. Is it not what you want?',
      toBeSafeTell: 'Tell us',
      /** `who`: null where all who hold it say the same. */
      they: (stands: keyof typeof stopStands, by: string, who: string | null): string =>
        `${who === null ? 'They' : `${who}: they`} ${stopStands[stands](by)}`,
    },
    morePictures: 'The others went other ways: look at each list below.',
    caption: 'Lists you are in, the latest first',
    when: 'When',
    what: 'What for',
    got: 'Who got it',
    until: 'May be used until',
    see: 'See this list',
    seeOf: (title: string): string => `See “${title}”`,
    notKept: 'What it was made of is not kept any more.',
  },
  release: {
    back: 'Back to your details',
    released: 'Passed on',
    whose: 'Which of your records',
    purpose: 'What for',
    channels: 'How they may reach you',
    delivered: 'What they got',
    chosenBy: 'What you were chosen by',
    givesAway: 'What being on the list tells them',
    use: 'They may use it',
    useWords: (from: string, until: string): string => `from ${day(from)} until ${day(until)}`,
    since: 'What you have said since, and who was told',
    /** Where not all of it is known to be theirs. */
    sinceTold: 'Who was told since',
    deleteBy: 'They must delete it by',
    chain: 'Who your details go through',
    party: 'Who',
    role: 'What they do',
    from: 'Where it starts',
    fromRole: 'has your details from you',
    countersigned: 'Signed for',
    countersignedAt: (at: string): string => `They signed for the list on ${moment(at)}.`,
    notCountersigned: 'They have not signed for the list.',
    claims: 'What they must do, and what they say they did',
    claim: 'What they must do',
    due: 'By',
    /** Of a duty that holds up to a day, and is not done on it. */
    dueUntil: (on: string): string => `at once, until ${day(on)}`,
    said: 'What they say',
    saidAt: (at: string): string => `They say: done, ${moment(at)}`,
    notSaid: 'Nothing yet',
    overdue: 'Nothing, and the day is past',
    onlyTheirs: 'This is what they say. Nobody here has seen it for themselves.',
    duty: (kind: keyof typeof duties): string => duties[kind],
    noClaims: 'Nothing is asked of them yet.',
    proof: 'Get a proof that you are in this list',
    notKept: 'What this list was made of is not kept any more. We can say that you are in it, and no more.',
  },
  told: {
    heading: 'What did you tell me',
    lead: 'These are the words you were shown when you gave your details. We may use them only as these words say.',
    /** Where a notice has other words now than it had. */
    leadChanged:
      'You were shown these when you gave your details. Not every notice here has the words that you saw: some were changed later, and each says when. You can read those as they were before, too.',
    none: 'We do not know what you were shown. So your details may not be passed on.',
    collected: (on: string | null): string => (on === null ? 'On a day we do not know' : `On ${day(on)}`),
    of: (fields: readonly string[]): string => `for ${listed(fields)}`,
    known: {
      recorded: 'Your record says that you were shown this.',
      derived: 'Your record does not say what you were shown. This is what was shown on that day.',
      reconstructed:
        'Your record does not say what you were shown. Two people worked it out later, and signed for it.',
      unknown: 'We do not know what you were shown. So nothing may be passed on.',
    },
    several: 'It was one of these. Only what all of them say counts.',
    /** A notice, by where and from when people were shown it. */
    called: (by: readonly (keyof typeof collectedBy)[], from: string): string =>
      `notice shown ${by.length === 0 ? '' : `${listed(by.map((each) => collectedBy[each]))} `}from ${day(from)}`,
    read: (notice: string): string => `Read the ${notice}`,
    later: 'Shown to you later',
    laterOn: (on: string | null): string => (on === null ? 'on a day we do not know' : `on ${day(on)}`),
    unknownNotice: 'a notice that is not on file',
    delivery: {
      delivered: 'it reached you',
      bounced: 'it came back: you did not get it',
      sent: 'it was sent; we do not know that it reached you',
      earlier: 'it was shown before you gave these details',
    },
    title: (notice: string): string => `The ${notice}`,
    /** Its short name, as files have it. */
    file: (notice: string): string => `In files it is called ${notice}.`,
    shown: (from: string, until: string | null): string =>
      until === null ? `Shown from ${day(from)}` : `Shown from ${day(from)} until ${day(until)}`,
    /** `words`: they were others, and not only what they were taken to say. `sure`: they were shown it before that day. */
    changed: (on: string, words: boolean, sure: boolean): string =>
      words
        ? sure
          ? `This notice was changed on ${day(on)}, after it was shown to you.`
          : `This notice was changed on ${day(on)}. You may have been shown it before that.`
        : `Its words are still the same. But on ${day(on)} we changed what we take them to mean.`,
    readBefore: 'Read it as it was before',
    before: (until: string): string => `As it was until ${day(until)}`,
    meantBefore: 'What the marked words were taken to mean then',
    marked: 'Words marked like this say what may be done. The numbers lead to what they mean.',
    means: 'What the marked words mean',
    kinds: {
      tells: 'They may',
      never: 'They promise never to',
      only: 'They promise no more than',
      asks: 'They ask you to agree',
    },
    purposes: 'What for',
    recipients: 'Who',
    data: 'Which details',
    channels: 'How',
    bases: 'Why they may',
    retention: 'How long',
    anything: 'anything',
    retentionWords: (told: Retention): string => {
      if (told.kind === 'until') return `until ${day(told.date)}`;
      const years = told.years === null ? '' : ` (${counted(told.years, 'year')} old)`;
      return `${lasting(told.months, told.days)} from ${anchors[told.from]}${years}`;
    },
    changes: 'What changed since',
    changesLead:
      'Later versions of this notice said other things. What is new in them does not hold by itself for what you gave before.',
    noChanges: 'No later version of this notice is on file.',
    change: (notice: string, from: string): string => `The notice from ${day(from)} (${notice})`,
    newlyTold: 'New in it',
    dropped: 'Not said any more: if this version was shown to you, that may not be done any more',
    promised: 'Promised new',
    unpromised: 'Not promised any more: to you the promise still holds',
    asked: 'Asks new',
    askedNoMore: 'Does not ask any more',
    same: 'It says the same.',
    back: 'Back to what you were told',
  },
  held: {
    heading: 'What do you hold, and where did you get it',
    caption: 'What is held',
    what: 'What',
    value: 'What it says',
    from: 'Where it came from',
    nothing: 'nothing',
    hidden: 'held, but not shown here',
    yes: 'yes',
    no: 'no',
    origin: (origin: string | null, by: keyof typeof collectedBy | null, on: string | null): string => {
      const who =
        origin === 'own' ? 'you told us' : origin === null ? 'we do not know from whom' : `from ${origin}`;
      return [who, ...(by === null ? [] : [collectedBy[by]]), ...(on === null ? [] : [`on ${day(on)}`])].join(
        ', ',
      );
    },
    wrong: 'Something is wrong, or should not be there?',
    say: 'Have it put right or deleted',
  },
  said: {
    heading: 'What have I said',
    caption: 'What you have said, the latest first',
    none: 'Nothing is recorded of what you said.',
    when: 'When',
    what: 'What',
    of: 'About',
    receipt: 'Receipt',
    kind: (kind: keyof typeof saidKinds): string => saidKinds[kind],
    about,
    whose: 'Whose',
    by: (by: string | null): string => (by === null ? '' : (receivedBy[by] ?? by)),
    /** Where they said it on another day than it was received. */
    days: (signed: string, received: string, by: string | null): string =>
      `You ${by === 'phone' ? 'said' : 'wrote'} it on ${moment(signed)}, it reached us on ${moment(received)}`,
    see: 'See the receipt',
    seeOf: (kind: string, at: string | null): string => `: ${kind}${at === null ? '' : `, ${moment(at)}`}`,
    file: 'No receipt: it was recorded before, in the club’s own files',
    record: 'No receipt: it stands in your record',
    cases: 'See what you have asked for, and by when it must be answered',
  },
  prove: {
    heading: 'Prove it',
    lead: 'For each list you can have a small file that proves whether your record is in it. Anybody can check it, without us and without the internet.',
    absent:
      'A file may say: not among the records committed for this membership. That is what it proves, and no more: you may be in a list under another membership.',
    token: 'The file holds a code of yours for that one list. It tells nothing of other lists.',
    caption: 'Lists, the latest first',
    list: 'List',
    when: 'When',
    get: 'Proof',
    see: 'See the proof',
    seeOf: (release: string): string => ` for ${release}`,
    record: (number: number): string => `record ${number}`,
    none: 'No list was ever passed on.',
    check: 'Check a proof or a receipt',
    only: (shown: number): string => `These are the latest ${shown}.`,
    title: (release: string): string => `Proof for the list ${release}`,
    present: 'Your record was in this list. It is among the records committed for it.',
    notAmong: 'Your record is not among the records committed for this membership.',
    notAmongMore: 'That is what it proves, and no more: you may be in the list under another membership.',
    files: 'Files to keep',
    proofFile: 'The proof',
    manifestFile: 'What the club committed to for this list (the manifest)',
    key: 'The public key of the club’s log',
    later: 'This list is not in the published log yet. Come back tomorrow for a proof that holds without us.',
    how: 'How to check it',
    howWords: 'On our page, or with the program, on any computer and without the internet:',
    back: 'Back to all lists',
  },
  more: {
    heading: 'More about you',
    told: 'What did you tell me?',
    held: 'What do you hold, and where did you get it?',
    said: 'What have I said?',
    prove: 'Prove it',
    stop: 'Stop, or ask for something',
  },
} as const;
