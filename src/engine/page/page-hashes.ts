/** SHA-256 of the exact texts of the style and the script, as a policy names them (CSP 3 section 2.3.1). A test recomputes them. */
export const STYLE_HASH = "sha256-Lrac03iX34mDtbUr+RLQepE3HO85ZWZ/b0dPQ9yI0QY=";
export const SCRIPT_HASH = "sha256-mDyBnovEvdIuaY8FrPWxW3aIWAMdkZ87IVNmozB2WX0=";
