/** The terms of a supply as whoever received it reads them: what they may do, and what they owe (the twin of `odrlTerms`). */
import { z } from 'zod';
import type { CivilDate, Term } from '../policy/model.ts';
import { termOf } from '../policy/vocab.ts';
import { SupplyError } from './supply-error.ts';

export type SupplyTerms = {
  /** Terms of the vocabulary where they are known here, else IRIs. */
  readonly purposes: readonly Term[];
  readonly contactChannels: readonly string[];
  readonly from: CivilDate;
  readonly until: CivilDate;
  readonly deleteBy: CivilDate;
  /** By when people must be told where their data came from; null: another of the chain tells them. */
  readonly informBy: CivilDate | null;
  /** Ids of those it may be passed on to, and nobody else. */
  readonly passOnTo: readonly string[];
};

const constraint = z.object({ leftOperand: z.string(), operator: z.string(), rightOperand: z.unknown() });
const rule = z.object({ action: z.string(), constraint: z.array(constraint).optional() });
const schema = z.object({
  '@type': z.literal('Agreement'),
  permission: z.array(rule).min(1),
  prohibition: z.array(rule),
  obligation: z.array(rule).min(1),
});
const day = z.object({ '@value': z.iso.date() });
const iris = z.array(z.object({ '@id': z.string() })).min(1);
const words = z.array(z.string()).min(1);

type Rule = z.infer<typeof rule>;

/** Throws SupplyError `terms-malformed`: terms that cannot be read cannot be kept. */
export function readTerms(text: string): SupplyTerms {
  const { permission, obligation } = parsed(schema, json(text), 'the whole');
  const use = needed(permission, 'use');
  const remove = needed(obligation, 'delete');
  const inform = obligation.find(({ action }) => action === 'inform');
  const transfer = permission.find(({ action }) => action === 'transfer');
  return {
    purposes: parsed(iris, operand(use, 'purpose', 'isAnyOf'), 'purpose').map((each) => termOf(each['@id'])),
    contactChannels: parsed(words, operand(use, 'astold:contactChannel', 'isAnyOf'), 'contactChannel'),
    from: date(use, 'gteq'),
    until: date(use, 'lteq'),
    deleteBy: date(remove, 'lteq'),
    informBy: inform === undefined ? null : date(inform, 'lteq'),
    passOnTo:
      transfer === undefined
        ? []
        : parsed(iris, operand(transfer, 'recipient', 'isAnyOf'), 'recipient').map((each) =>
            each['@id'].replace(/^urn:astold:organisation:/, ''),
          ),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What JSON.parse says quotes the text.
    throw malformed('it is no JSON');
  }
}

function needed(rules: readonly Rule[], wanted: string): Rule {
  const found = rules.filter(({ action }) => action === wanted);
  const [one] = found;
  if (one === undefined || found.length > 1) throw malformed(`it has not one rule of the action ${wanted}`);
  return one;
}

function operand({ action, constraint: all = [] }: Rule, left: string, operator: string): unknown {
  const found = all.filter((each) => each.leftOperand === left && each.operator === operator);
  const [one] = found;
  if (one === undefined || found.length > 1)
    throw malformed(`its rule of the action ${action} has not one constraint on ${left}`);
  return one.rightOperand;
}

const date = (of: Rule, operator: string): CivilDate =>
  parsed(day, operand(of, 'dateTime', operator), 'dateTime')['@value'];

function parsed<T>(of: z.ZodType<T>, value: unknown, what: string): T {
  const found = of.safeParse(value);
  if (found.success) return found.data;
  throw malformed(`${what} is not in its form`);
}

const malformed = (what: string): SupplyError =>
  new SupplyError(
    'terms-malformed',
    `terms.jsonld of the supply cannot be read, and so nobody can keep them: ${what}; ask whoever sealed it for another`,
  );
