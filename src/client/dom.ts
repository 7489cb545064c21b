/** The few members of the browser's objects that the notice uses, by their shape: the package is compiled without DOM types. */
export interface DomElement extends EventTarget {
  textContent: string;
  readonly isConnected: boolean;
  append(child: DomElement): void;
  attachShadow(options: { readonly mode: "open" }): DomShadowRoot;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  removeAttribute(name: string): void;
  setAttribute(name: string, value: string): void;
}

export interface DomShadowRoot {
  adoptedStyleSheets: readonly DomStyleSheet[];
  append(child: DomElement): void;
}

export interface DomStyleSheet {
  replaceSync(style: string): void;
}

export interface DomDocument {
  readonly documentElement: { readonly lang: string };
  readonly hidden: boolean;
  createElement(name: string): DomElement;
}

export interface DomElementRegistry {
  define(name: string, element: new () => DomElement): void;
  get(name: string): unknown;
}
