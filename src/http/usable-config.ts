/** The configuration as it can be used on this machine. */
import { accessSync, constants } from 'node:fs';
import { makeFolder } from '../documents/make-folder.ts';
import { type Config, ConfigError, readConfig } from './config.ts';

/** With its data folder made, where it is missing. Throws ConfigError, also where that cannot be made or written. */
export function usableConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const config = readConfig(environment);
  try {
    makeFolder(config.data);
    accessSync(config.data, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new ConfigError([
      `ASTOLD_DATA: found ${JSON.stringify(config.data)}; expected a folder that is there or can be made, and written to${code}`,
    ]);
  }
  return config;
}
