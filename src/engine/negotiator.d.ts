// The parts of negotiator that are used: its main module loads those for encodings and character sets too.

declare module "negotiator/lib/language.js" {
  /** Returns the language ranges of an `Accept-Language` header, the preferred first. */
  export default function preferredLanguages(accept: string): string[];
}

declare module "negotiator/lib/mediaType.js" {
  /** Returns the types of an `Accept` header, or those of `provided` that it accepts, the preferred first. */
  export default function preferredMediaTypes(accept: string, provided?: readonly string[]): string[];
}
