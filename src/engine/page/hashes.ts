/** SHA-256 of the exact texts of the style and the script, as a policy names them (CSP 3 section 2.3.1). A test recomputes them. */
export const STYLE_HASH = "sha256-9cuUKb/G6HCReckYSQ2HF6YK05c0snJWU0OBszVzRks=";
export const SCRIPT_HASH = "sha256-edc5IYQqY3nwfRu3VCxxd4TpwTlm7Fd5jQ6RFtOLiMA=";
