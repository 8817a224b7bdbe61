export type AuthErrorCode = 'secret-too-short' | 'not-trying-out' | 'sign-in-failed';

/** What goes wrong in setting up or asking the accounts; that a password is wrong is an answer, not an error. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: AuthErrorCode;

  constructor(code: AuthErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
