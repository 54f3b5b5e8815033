import { stat } from 'node:fs/promises';

/** Why a file cannot be read at all, and what to do about it: every command says it alike. */

export const EMPTY = 'is empty';
export const DIRECTORY = 'is a directory. Name the file in it';
export const NOT_TEXT = 'is not text (UTF-8)';

/** A directory opens like a file, and says only when it is read that it is none. */
export async function refuseDirectory(path: string): Promise<string | undefined> {
  return (await stat(path)).isDirectory() ? DIRECTORY : undefined;
}

/** What has no code is not the file's fault but ours, and must not be told as the file's. */
export function fileProblem(error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) throw error;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file. Check the path';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read. Check its permissions';
    case 'EISDIR':
      return DIRECTORY;
    default:
      return `cannot be read (${error.message})`;
  }
}
