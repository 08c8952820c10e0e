// The one style sheet of all elements: constructable, so that a strict Content-Security-Policy allows it. It is kept short,
// for every byte of it travels: hence the two-letter names, and greys that are mixed of text and background.
// `--t` is the colour of the tone, which `face.ts` writes as classes: wait, run, warn, ok, bad, off; busy, still, over.

/**
 * Colours follow `color-scheme`. Custom properties that a page may set: `--progress-accent`, `-success`, `-error`, `-warning`,
 * `-background`, `-color`, `-radius`, `-font`; everything else by `::part()`.
 */
export const STYLES: string = `
:host{--bg:var(--progress-background,light-dark(#fff,#1b1d22));--fg:var(--progress-color,light-dark(#16181d,#f0f1f4));
--ac:var(--progress-accent,light-dark(#2a5bd7,#8caeff));--ok:var(--progress-success,light-dark(#17744a,#56cc96));
--er:var(--progress-error,light-dark(#bd2630,#ff9396));--wa:var(--progress-warning,light-dark(#8a5a00,#f2c14e));
--mu:color-mix(in srgb,var(--fg) 70%,var(--bg));--ed:color-mix(in srgb,var(--fg) 14%,var(--bg));--so:color-mix(in srgb,var(--fg) 5%,var(--bg));
--t:var(--ac);font:15px/1.5 var(--progress-font,system-ui,sans-serif);color:var(--fg);text-align:start;font-variant-numeric:tabular-nums}
:host([hidden]),[hidden],.over.busy :is(.progress,.steps),.error:not(:has(:not([hidden]))),:host(:not([label])) .meter .title{display:none!important}
*{box-sizing:border-box;margin:0;min-width:0;overflow-wrap:anywhere}
.wait,.off,.row-cancel{--t:var(--mu)}
.ok{--t:var(--ok)}
.bad{--t:var(--er)}
.warn,.notice:not(.connection){--t:var(--wa)}
button{font:inherit;color:inherit;border:0;border-radius:8px;background:none;min-height:44px;cursor:pointer}
button:hover{background:var(--so)}
:focus-visible{outline:2px solid var(--ac);outline-offset:2px}
.unseen{position:absolute;clip-path:inset(50%);white-space:nowrap}
.icon{display:grid;place-items:center;color:var(--t)}
svg{width:16px;fill:none;stroke:currentColor;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}
.still{--p:paused}
.run .icon:not(.chevron,.step *) svg{animation:turn 1.4s linear infinite var(--p,running)}
.title{font-size:1em;font-weight:600}
.bar{height:8px;border-radius:8px;overflow:hidden;background:color-mix(in srgb,var(--t) 16%,var(--so))}
.fill{height:100%;border-radius:8px;background:var(--t);transition:inline-size .3s}
.busy .fill{width:45%;background:linear-gradient(90deg,#0000,var(--t),#0000);animation:slide 1.8s ease-in-out infinite}
.still.busy .fill{opacity:0}
dialog{width:min(28rem,100vw - 32px);max-height:calc(100dvh - 32px);margin:auto;padding:24px;overflow:auto}
dialog,.tray{border:1px solid var(--ed);border-radius:var(--progress-radius,12px);background:var(--bg);color:var(--fg);box-shadow:0 16px 48px -12px #0006}
dialog[open]{display:grid;gap:20px;animation:rise .2s}
::backdrop{background:#0b0d1273}
.header{display:flex;gap:14px}
.header .icon{width:44px;height:44px;flex:none;border-radius:50%;background:color-mix(in srgb,var(--t) 12%,var(--bg))}
.header svg{width:20px}
.header .title{font-size:17px;line-height:1.4}
.line,.row,.steps,.code,summary,.empty{color:var(--mu)}
.row,.steps,.notice{font-size:14px}
.row,.steps,.actions{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;justify-content:space-between}
.progress{display:grid;gap:8px}
.progress .value{font-size:30px;line-height:1.2;font-weight:600;letter-spacing:-.02em;color:var(--fg)}
ol,ul{padding:0;list-style:none}
.steps{justify-content:start}
.step{display:flex;gap:6px}
.step.run{color:var(--fg);font-weight:600}
.step.run svg,.step.wait svg{stroke-width:7}
.step.bad{color:var(--t)}
.notice,.error{padding:10px 14px;border-radius:8px;background:color-mix(in srgb,var(--t) 10%,var(--bg))}
.notice{color:var(--t)}
.code{font-size:13px;user-select:all}
.log{margin-block:-12px -4px;font-size:13px}
summary{padding-block:12px;cursor:pointer;font-weight:600}
.log-view{display:flex;flex-direction:column-reverse;max-height:9em;padding:10px 12px;overflow:auto;border-radius:8px;background:var(--so);font-family:ui-monospace,monospace;white-space:pre-wrap}
[data-level=warn]{color:var(--wa)}
[data-level=error]{color:var(--er)}
.actions{gap:10px;justify-content:end}
.button{padding:0 18px;font-weight:600;border:1px solid var(--ed)}
.close{background:var(--ac);border-color:#0000;color:var(--bg)}
.close:hover{background:color-mix(in srgb,var(--ac) 88%,var(--fg))}
[aria-disabled]{color:var(--mu);cursor:default}
:host(progress-meter){display:inline-block;width:16rem;max-width:100%;vertical-align:middle;font-size:14px}
.meter{display:grid;grid-template-columns:auto 1fr auto;gap:4px 8px;align-items:center}
.meter .title{grid-column:2/-1}
.meter .line{grid-column:2;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.meter .bar{grid-column:1/-1;height:6px}
.tray{position:fixed;z-index:999;inset-block:auto 16px;inset-inline:auto 16px;display:flex;flex-direction:column-reverse;max-width:calc(100vw - 32px);max-height:calc(100dvh - 32px);overflow:hidden}
:host([corner$=start]) .tray{inset-inline:16px auto}
:host([corner^=top]) .tray{inset-block:16px auto;flex-direction:column}
:host([corner=none]) .tray{position:static;flex-direction:column}
:host([expanded]) .tray{width:22rem}
.tray button:focus-visible{outline-offset:-3px}
.toggle{display:flex;flex:none;gap:10px;align-items:center;padding:0 14px;font-weight:600}
.badge{min-width:22px;padding:0 7px;border-radius:11px;font-size:13px;line-height:22px;background:var(--ac);color:var(--bg)}
.chevron{margin-inline-start:auto;color:var(--mu)}
:host([expanded]) .chevron{rotate:180deg}
.panel{overflow:auto;border-block:1px solid var(--ed);margin-block:-1px}
.tray .notice{border-radius:0}
.empty{padding:20px;text-align:center}
.list{padding:6px}
.item{position:relative;display:flex;align-items:center}
.row-meter{flex:1;margin:10px}
.open{position:absolute;inset:0;width:100%}
.open:hover{background:color-mix(in srgb,var(--fg) 5%,#0000)}
.row-cancel{position:relative;width:44px}
@media(max-width:26rem){dialog{padding:20px}.button{flex:auto}}
@media(prefers-reduced-motion){*{animation:none!important;transition:none!important}.busy .fill{width:100%}}
@media(forced-colors:active){.fill{background:Highlight}.bar{border:1px solid}}
@keyframes turn{to{rotate:1turn}}
@keyframes slide{0%{translate:-110%}to{translate:230%}}
@keyframes rise{0%{opacity:0;translate:0 8px}}
`
