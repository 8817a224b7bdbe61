/**
 * The tables of people's accounts, as better-auth made them when this was written: staff and members apart, none of them
 * an organisation's, so without row-level security. A test asks better-auth whether anything is missing. Forward only.
 */

const tables = `
create table "staff_auth"."user" (
  "id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null,
  "image" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz default CURRENT_TIMESTAMP not null, "twoFactorEnabled" boolean);
create table "staff_auth"."session" (
  "id" text not null primary key, "expiresAt" timestamptz not null, "token" text not null unique,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null, "ipAddress" text,
  "userAgent" text, "userId" text not null references "staff_auth"."user" ("id") on delete cascade,
  "secondFactor" boolean not null);
create table "staff_auth"."account" (
  "id" text not null primary key, "accountId" text not null, "providerId" text not null,
  "userId" text not null references "staff_auth"."user" ("id") on delete cascade, "accessToken" text, "refreshToken" text,
  "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null);
create table "staff_auth"."verification" (
  "id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null);
create table "staff_auth"."twoFactor" (
  "id" text not null primary key, "secret" text not null, "backupCodes" text not null,
  "userId" text not null references "staff_auth"."user" ("id") on delete cascade, "verified" boolean,
  "failedVerificationCount" integer, "lockedUntil" timestamptz);
create table "staff_auth"."apikey" (
  "id" text not null primary key, "configId" text not null, "name" text, "start" text, "referenceId" text not null,
  "prefix" text, "key" text not null, "refillInterval" integer, "refillAmount" integer, "lastRefillAt" timestamptz,
  "enabled" boolean, "rateLimitEnabled" boolean, "rateLimitTimeWindow" integer, "rateLimitMax" integer, "requestCount" integer,
  "remaining" integer, "lastRequest" timestamptz, "expiresAt" timestamptz, "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null, "permissions" text, "metadata" text);
create index "session_userId_idx" on "staff_auth"."session" ("userId");
create index "account_userId_idx" on "staff_auth"."account" ("userId");
create index "verification_identifier_idx" on "staff_auth"."verification" ("identifier");
create index "twoFactor_secret_idx" on "staff_auth"."twoFactor" ("secret");
create index "twoFactor_userId_idx" on "staff_auth"."twoFactor" ("userId");
create index "apikey_configId_idx" on "staff_auth"."apikey" ("configId");
create index "apikey_referenceId_idx" on "staff_auth"."apikey" ("referenceId");
create index "apikey_key_idx" on "staff_auth"."apikey" ("key");
create table "member_auth"."user" (
  "id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null,
  "image" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz default CURRENT_TIMESTAMP not null);
create table "member_auth"."session" (
  "id" text not null primary key, "expiresAt" timestamptz not null, "token" text not null unique,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null, "ipAddress" text,
  "userAgent" text, "userId" text not null references "member_auth"."user" ("id") on delete cascade, "org" text);
create table "member_auth"."account" (
  "id" text not null primary key, "accountId" text not null, "providerId" text not null,
  "userId" text not null references "member_auth"."user" ("id") on delete cascade, "accessToken" text, "refreshToken" text,
  "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null);
create table "member_auth"."verification" (
  "id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null);
create index "session_userId_idx" on "member_auth"."session" ("userId");
create index "account_userId_idx" on "member_auth"."account" ("userId");
create index "verification_identifier_idx" on "member_auth"."verification" ("identifier");
CREATE TABLE staff_auth.sign_in_attempt (key varchar(255) PRIMARY KEY, points integer NOT NULL, expire bigint);
`;

export const auth003: readonly string[] = tables
  .split(/;\s*\n/)
  .map((sql) => sql.trim())
  .filter((sql) => sql !== '');
