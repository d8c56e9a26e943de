/** How the audit's page looks, in light and dark, on wide and narrow screens. */
export const pageStyle = `
:root { color-scheme: light dark; --edge: color-mix(in srgb, currentColor 25%, transparent);
  --good: light-dark(#cdebd0, #1f4a2a); --plain: light-dark(#dfe7f3, #2b3a52); --odd: light-dark(#ffe7b3, #5a4410); --bad: light-dark(#ffc9c4, #6b1f1b); --none: light-dark(#ececec, #333); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
header { padding: 1rem 1.5rem; border-bottom: 1px solid var(--edge); }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; overflow-wrap: anywhere; }
.verdict { display: inline-block; margin: 0; padding: .2rem .6rem; border-radius: .3rem; }
.verdict.fabricated { background: var(--bad); } .verdict.suspicious { background: var(--odd); }
.verdict.unverifiable { background: var(--none); } .verdict.no_evidence_of_fabrication { background: var(--good); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; margin: .6rem 0 0; padding: 0; font-size: .85rem; }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(20rem, 28rem); }
.documents { padding: 0 1.5rem; }
aside { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 0 1.2rem 2rem; border-left: 1px solid var(--edge); font-size: .9rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.6 ui-monospace, monospace; }
.n { font: inherit; color: inherit; border: 0; border-radius: .2rem; padding: 0 .15rem; background: var(--none); }
button.n { cursor: pointer; }
.n.traced, .n.derived { background: var(--good); }
.n.configured, .n.planned { background: var(--plain); }
.n.typed, .n.literal { background: var(--odd); }
.n.random, .n.contradicted, .n.unfound { background: var(--bad); }
.n.unchecked { background: transparent; border-bottom: 1px dotted var(--edge); }
.n.flagged { outline: 2px solid light-dark(#b3261e, #ff8a80); outline-offset: 1px; }
.n.current { outline: 3px solid light-dark(#0b57d0, #a8c7fa); }
.findings { padding-left: 1.2rem; } .findings > li { margin-bottom: 1rem; padding-left: .4rem; border-left: 4px solid var(--none); }
.findings .critical, .findings .major { border-color: light-dark(#b3261e, #ff8a80); } .findings .minor { border-color: light-dark(#b07d00, #ffd166); }
.findings p { margin: .2rem 0; } q { overflow-wrap: anywhere; } code { overflow-wrap: anywhere; }
@media (max-width: 60rem) { main { grid-template-columns: minmax(0, 1fr); } aside { position: static; height: auto; border-left: 0; } }
`
