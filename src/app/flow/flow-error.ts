/** What goes wrong in the service itself, not in what somebody asked of it. */
export type FlowErrorCode =
  /** Somebody else works in the organisation's workspace: look again later. */
  | 'workspace-busy'
  /** Another server took it over, because this one was not heard of for too long: nothing more may be committed. */
  | 'lease-lost'
  /** A release is in the log, and what it consists of is not on the disk. */
  | 'release-lost';
export class FlowError extends Error {
  readonly code: FlowErrorCode;
  constructor(code: FlowErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FlowError';
    this.code = code;
  }
}
