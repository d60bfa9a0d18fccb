/** anywidget's front end is an AMD module: this catches what it defines. Must be imported before it. */
type Factory = (base: unknown) => { AnyModel: unknown; AnyView: unknown };

export const amd: { factory: Factory | undefined } = { factory: undefined };

Object.assign(globalThis, {
  define(_names: readonly string[], factory: Factory) {
    amd.factory = factory;
  },
});
