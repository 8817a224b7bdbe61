/** The requests of a world: some that release, with audiences of every kind, and some that break one rule each. */
import { addPeriod } from '../../src/policy/dates.ts';
import type {
  Audience,
  Expression,
  Request,
  RetentionAnchor,
  SuppressionList,
} from '../../src/policy/model.ts';
import type { ReasonCode } from '../../src/policy/reasons.ts';
import { agreementOf, assessmentsOf, organisations, requestOf, rules } from './documents.ts';
import type { Draw } from './draw.ts';
import { noticesOf, upstreamOf } from './notices.ts';
import type { Policy, Present } from './world.ts';

type Context = Policy['context'];
type Change = (context: Context) => Context;

const asking =
  (change: (request: Request) => Partial<Request>): Change =>
  (context) => ({
    ...context,
    request: { ...context.request, ...change(context.request) },
  });
const controller = (change: object): Change =>
  asking((request) => ({
    chain: request.chain.map((p) => (p.role === 'controller' ? { ...p, ...change } : p)),
  }));
const processor = (change: object): Change =>
  asking((request) => ({
    chain: request.chain.map((p) => (p.role === 'processor' ? { ...p, ...change } : p)),
  }));
const onBasis =
  (basis: string): Change =>
  (context) => {
    const based = controller({ basis })(context);
    return { ...based, request: { ...based.request, disclosureBasis: basis } };
  };
const oneList =
  (change: (list: SuppressionList) => Partial<SuppressionList>, readable: boolean): Change =>
  (context) => ({
    ...context,
    lists: context.lists.map((on, i) =>
      i === 0 ? { list: { ...on.list, ...change(on.list) }, readable } : on,
    ),
  });
/** Our own list of people alone, and some others: whom a list cannot find is not held against them where it is not screened. */
const fewerLists =
  (draw: Draw): Change =>
  (context) => ({
    ...context,
    lists: context.lists.filter(({ list }) => list.id === 'own' || draw.chance(30)),
  });
const extraField = (field: string): Change =>
  asking((request) => ({ fields: [...request.fields, { field, as: null, name: field }] }));

/** For each reason about the whole request, a change that breaks that rule and no other. */
const breaking: Readonly<Record<string, Change>> = {
  'no-rules': (context) => ({ ...context, rules: null }),
  'party-unknown': controller({ organisation: 'closed' }),
  'term-unknown': extraField('odd'),
  'request-empty': asking(() => ({ fields: [] })),
  'audience-empty': asking(() => ({ audience: null })),
  'agreement-not-in-force': (context) => ({
    ...context,
    agreement: context.agreement && {
      ...context.agreement,
      inForce: { from: '2000-01-01', until: '2000-12-31' },
    },
  }),
  'beyond-agreement': (context) => ({
    ...context,
    agreement: context.agreement && { ...context.agreement, supplier: 'elsewhere' },
  }),
  'processor-terms-missing': (context) => ({
    ...context,
    agreement: context.agreement && {
      ...context.agreement,
      parties: context.agreement.parties.map((party) => ({ ...party, processorTerms: false })),
    },
  }),
  'processor-acts-as-controller': (context) =>
    processor({ keeps: null, basis: 'eu-gdpr:A6-1-a' })(onBasis('eu-gdpr:A6-1-a')(context)),
  'basis-missing': controller({ basis: null }),
  'assessment-missing': (context) => ({
    ...onBasis('eu-gdpr:A6-1-f')(context),
    assessments: context.assessments.filter((a) => a.kind === 'compatibility'),
  }),
  'special-category': extraField('faith'),
  'channel-needs-consent': (context) =>
    asking(() => ({ contactChannels: ['email'] }))(onBasis('eu-gdpr:A6-1-f')(context)),
  'not-necessary': (context) => ({
    ...context,
    rules: context.rules && {
      ...context.rules,
      necessary: context.rules.necessary.map((n) => ({
        ...n,
        exact: n.exact.filter((item) => item.term !== 'astold:GivenName'),
      })),
    },
  }),
  'duty-overdue': (context) => ({
    ...context,
    duties: [{ party: 'acme', what: 'delete', due: '2001-01-01', done: null }],
  }),
  frozen: (context) => ({
    ...context,
    freezes: [{ party: 'acme', purpose: null, from: '2001-01-01', until: null, why: 'notice' }],
  }),
  'document-missing': (context) => ({ ...context, duties: null }),
  'list-missing': (context) => ({
    ...context,
    lists: context.lists.filter(({ list }) => list.kind !== 'own'),
  }),
  'list-stale': oneList(() => ({ fileDate: '2000-01-01' }), true),
  'list-unreadable': oneList(() => ({}), false),
  'preferences-unreadable': (context) => ({ ...context, preferencesReadable: false }),
  'not-approved': (context) => ({ ...context, approval: { required: true, given: null } }),
} satisfies Partial<Record<ReasonCode, Change>>;
export const breakable: readonly string[] = Object.keys(breaking);

/** An audience that the plain member of `people.ts` is in, whichever it is. */
function audienceOf(draw: Draw, { day }: Present): Audience {
  const on = draw.chance(50) ? null : addPeriod(day, { months: 0, days: draw.int(-40, 40) });
  const tests: readonly Expression[] = [
    { kind: 'compare', field: 'tier', op: '=', value: 'gold' },
    { kind: 'not', of: { kind: 'compare', field: 'tier', op: '!=', value: 'gold' } },
    { kind: 'compare', field: 'score', op: draw.pick(['>', '>=', '!=']), value: 5 },
    { kind: 'compare', field: 'score', op: draw.pick(['<', '<=']), value: 10 },
    { kind: 'compare', field: 'active', op: '=', value: true },
    { kind: 'compare', field: 'dob', op: '<', value: '2000-01-01' },
    { kind: 'in', field: 'area', values: { set: 'seats' } },
    { kind: 'not', of: { kind: 'in', field: 'tier', values: ['lead', 'none'] } },
    { kind: 'not', of: { kind: 'in', field: 'tier', values: { set: 'empty' } } },
    { kind: 'age', op: draw.pick(['>=', '>']), years: 17, on },
    { kind: 'not', of: { kind: 'age', op: '=', years: 18, on } },
    { kind: 'child-age', which: 'any', op: draw.pick(['<=', '=']), years: 1, on },
    { kind: 'child-age', which: 'any', op: '>', years: 0, on },
    { kind: 'child-age', which: 'youngest', op: draw.pick(['<=', '=']), years: 1, on },
    { kind: 'child-age', which: 'youngest', op: '>', years: 0, on },
    { kind: 'child-age', which: 'any', op: '<', years: 5, on },
    { kind: 'not', of: { kind: 'child-age', which: 'any', op: '>=', years: 12, on } },
    { kind: 'child-age', which: 'youngest', op: '!=', years: draw.pick([0, 4]), on },
    { kind: 'child-age', which: 'youngest', op: '<', years: 5, on },
  ];
  const one = draw.pick(tests);
  const test: Expression = draw.chance(25)
    ? one
    : { kind: draw.pick(['and', 'or', 'or', 'or']), left: one, right: draw.pick(tests) };
  const sets = [
    { name: 'seats', values: ['E1', 'É2'], digest: 'seats' },
    { name: 'empty', values: [], digest: 'empty' },
  ];
  return { kind: 'where', text: JSON.stringify(test), test, sets };
}

export function policiesOf(
  draw: Draw,
  present: Present,
  anchor: RetentionAnchor,
  lists: readonly SuppressionList[],
): readonly Policy[] {
  const base = (): Context => ({
    request: requestOf(draw, present.day),
    agreement: agreementOf(present.day),
    organisations,
    notices: noticesOf({
      anchor,
      day: present.day,
      until: addPeriod(present.day, { months: draw.pick([1, 2, 3]), days: draw.int(-1, 1) }),
    }),
    upstream: upstreamOf(anchor),
    assessments: assessmentsOf(),
    duties: [],
    freezes: [],
    lists: lists.map((list) => ({ list, readable: true })),
    approval: { required: false, given: null },
    rules,
    cutOff: present.cutOff,
    day: present.day,
    preferencesReadable: true,
  });
  const policies: Policy[] = [
    { name: 'everyone', context: base() },
    {
      name: 'called',
      context: asking(() => ({ contactChannels: ['call'], audience: audienceOf(draw, present) }))(base()),
    },
    {
      name: 'mailed',
      context: asking(() => ({ contactChannels: ['email'], audience: audienceOf(draw, present) }))(
        onBasis('eu-gdpr:A6-1-a')(base()),
      ),
    },
    { name: 'audience', context: asking(() => ({ audience: audienceOf(draw, present) }))(base()) },
    {
      name: 'few lists',
      context: fewerLists(draw)(asking(() => ({ audience: audienceOf(draw, present) }))(base())),
    },
  ];
  // A third of the list apart, so that a few dozen worlds take in every rule.
  const first = draw.int(0, breakable.length - 1);
  for (const [i, name] of breakable.entries()) {
    const change =
      (i - first + breakable.length) % Math.floor(breakable.length / 3) === 0 ? breaking[name] : undefined;
    if (change) policies.push({ name, context: change(base()) });
  }
  return policies;
}
