/** In CI properties try the same cases each time: a run is green or red for what changed. Elsewhere each run tries others. */
import fc from "fast-check";

if (process.env.CI === "true") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_411 });
