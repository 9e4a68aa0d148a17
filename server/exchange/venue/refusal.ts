/** A request that the venue refuses, as Alpaca answers it: an HTTP status, a code, a message and sometimes more fields. */
export class VenueRefusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, code: number, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

/** Codes and statuses are Alpaca's documented ones. */
export const refuse = {
  malformed: (message: string) => new VenueRefusal(422, 40_010_001, message),
  unprocessable: (message: string, extra?: Record<string, unknown>) =>
    new VenueRefusal(422, 42_210_000, message, extra),
  forbidden: (message: string, extra?: Record<string, unknown>) => new VenueRefusal(403, 40_310_000, message, extra),
  notFound: (message: string) => new VenueRefusal(404, 40_410_000, message),
};
