import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { openPeople, type People } from './people.fixture.ts';

describe.each(databases)('the tables of accounts, on $name', (database) => {
  let people: People;
  beforeAll(async () => {
    people = await openPeople(database);
  });
  afterAll(() => people.test.drop());

  it.each(['staff', 'members'] as const)('have all that better-auth asks for of %s', async (side) => {
    const { toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems } = await getMigrations(
      people.auths[side].options,
    );
    expect({ toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems }).toEqual({
      ...{ toBeCreated: [], toBeAdded: [], toBeAddedIndexes: [], schemaProblems: [] },
    });
  });
});
