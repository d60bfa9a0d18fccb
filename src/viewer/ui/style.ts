/** The viewer's style sheet, for its shadow root: colours as variables for both themes, fonts as JupyterLab has them. */
export const STYLE: string = `
.rv{--surface:#fff;--view:#fff;--space-a:#f5f7f9;--space-b:#e4e9ee;--line:#e0e3e6;--line-strong:#8d959e;--text:#1b1f23;--muted:#606871;--accent:#1a66d6;--soft:#1a66d618;--hover:#0000000a;--info:#0a7d4f;--warn:#9a4f00;--error:#c1121f;--trace:#606871;
font-family:var(--jp-ui-font-family,system-ui,"Segoe UI",Roboto,sans-serif);font-size:12px;line-height:1.35;color:var(--text);background:var(--surface);
position:relative;display:flex;flex-direction:column;box-sizing:border-box;width:100%;height:100%;min-height:120px;overflow:hidden;border-radius:4px;text-align:left;font-weight:400;outline:none;-webkit-font-smoothing:antialiased;container-type:inline-size}
.rv.dark{--surface:#111417;--view:#0d1011;--space-a:#0d1011;--space-b:#171c20;--line:#2a3036;--line-strong:#6a737d;--text:#e6e9ec;--muted:#8b949e;--accent:#5aa0ff;--soft:#5aa0ff22;--hover:#ffffff0f;--info:#3fd18b;--warn:#ffb454;--error:#ff6b6b;--trace:#8b949e;color-scheme:dark}
.rv *,.rv *::before,.rv *::after{box-sizing:border-box}
.rv::after{content:"";position:absolute;inset:0;border:1px solid var(--line);border-radius:4px;pointer-events:none;z-index:11}
.rv:focus-visible::after{border-color:var(--accent)}
.rv.full,.rv.full::after{border:0;border-radius:0}
:where(.rv) button,:where(.rv) input{font:inherit;color:inherit;margin:0}
.rv :focus-visible{outline:2px solid var(--accent);outline-offset:-1px}
.rv svg.i{width:14px;height:14px;stroke:currentColor;fill:none;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round;flex:none;display:block}
.bar{display:flex;align-items:center;gap:2px;padding:0 6px;flex:none;min-width:0;background:var(--surface)}
.top{height:28px;border-bottom:1px solid var(--line)}
.bottom{height:32px;border-top:1px solid var(--line);gap:3px;font-variant-numeric:tabular-nums}
.btn{height:22px;min-width:22px;padding:0 4px;border:0;border-radius:4px;background:none;display:inline-flex;align-items:center;justify-content:center;gap:4px;color:var(--muted);cursor:pointer;white-space:nowrap;flex:none}
.btn:hover{background:var(--hover);color:var(--text)}
.btn.on{background:var(--soft);color:var(--accent)}
.btn.text{color:var(--text)}
.btn:disabled{opacity:.45;cursor:default}
.name{font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;padding:0 4px;min-width:0;flex:0 1 auto}
.btn.name{flex:0 1 auto;justify-content:flex-start;gap:3px}
.btn.name>span:first-child{overflow:hidden;text-overflow:ellipsis}
.grow{flex:1;min-width:4px}
.muted{color:var(--muted)}
.counts{color:var(--muted);margin-right:6px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;min-width:0}
.main{position:relative;flex:1;min-height:0;display:flex}
.views{flex:1;min-width:0;min-height:0;display:flex;background:var(--line);position:relative}
.views.stacked{overflow-y:auto;overscroll-behavior:auto}
.row,.col{display:flex;flex:1;min-width:0;min-height:0}
.col{flex-direction:column}
.cell{min-width:0;min-height:0;display:flex;flex-basis:0;overflow:hidden}
.stacked .cell.leaf{flex:1 0 auto!important;min-height:max(140px,34%)}
.split{flex:none;position:relative;z-index:4;touch-action:none}
.split::before{content:"";position:absolute;background:var(--line)}
.row>.split{width:0;cursor:col-resize}
.row>.split::before{inset:0 -.5px}
.col>.split{height:0;cursor:row-resize}
.col>.split::before{inset:-.5px 0}
.split::after{content:"";position:absolute}
.row>.split::after{inset:0 -4px}
.col>.split::after{inset:-4px 0}
.split:focus-visible{outline:none!important}
.split:hover::before,.split:focus-visible::before{background:var(--accent)}
.view{container:view/inline-size;position:relative;flex:1;min-width:0;min-height:0;display:flex;flex-direction:column;background:var(--view);overflow:hidden;outline:none}
.view::after{content:"";position:absolute;inset:0;pointer-events:none;z-index:3}
.view.focus::after{box-shadow:inset 0 0 0 1.5px var(--accent)}
.view>.title{flex:none;height:20px;font-size:11px;color:var(--muted);padding:0 4px 0 7px;display:flex;align-items:center;gap:5px;min-width:0;z-index:2}
.view>.title svg.i{width:11px;height:11px}
.view>.title span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.view>.title .btn{height:18px;min-width:18px;padding:0 3px;margin-left:auto;opacity:0}
.view:hover>.title .btn,.view>.title .btn:focus-visible,.view>.title .btn.on{opacity:1}
.view.space3d>.title{position:absolute;left:0;right:0;top:0}
.view.space3d{background:linear-gradient(var(--space-a),var(--space-b))}
.view>.body{position:relative;flex:1;min-height:0;min-width:0;overflow:hidden}
.state{position:absolute;left:8px;bottom:6px;font-size:11px;color:var(--muted);background:color-mix(in srgb,var(--surface) 86%,transparent);padding:1px 5px;border-radius:3px;z-index:4;pointer-events:none;max-width:calc(100% - 16px);overflow-wrap:break-word}
.view[data-view=time-series]>.state:not(.empty){bottom:24px;left:48px;max-width:calc(100% - 60px)}
.view>.state.empty{left:8px;right:8px;bottom:calc(50% - 18px);max-width:none;background:none;text-align:center}
.view:has(>.state.empty) .uplot{visibility:hidden}
.state.late,.waiting{animation:late .3s step-end}
.waiting{position:absolute;left:0;right:0;top:0;height:2px;z-index:5;overflow:hidden;pointer-events:none}
.waiting::after{content:"";position:absolute;top:0;bottom:0;width:30%;background:var(--accent);animation:pass 1.2s linear infinite}
@keyframes late{from{opacity:0}}
@keyframes pass{from{left:-30%}to{left:100%}}
.main>.state{z-index:7}
.state.alert{color:var(--text);border:1px solid var(--line)}
.blank{margin:auto;padding:16px;text-align:center;color:var(--muted);max-width:100%}
.blank p{margin:0 0 8px}
.blank code,.mono{font-family:var(--jp-code-font-family,ui-monospace,SFMono-Regular,Menlo,Consolas,monospace);font-size:11px}
.blank code{display:inline-block;padding:5px 9px;border:1px solid var(--line);border-radius:4px;color:var(--text);background:var(--surface);user-select:all;max-width:100%;overflow-x:auto}
.drawer{position:absolute;top:0;bottom:0;width:220px;max-width:85%;background:color-mix(in srgb,var(--surface) 96%,transparent);backdrop-filter:blur(6px);z-index:6;display:flex;flex-direction:column;min-height:0}
.drawer.left{left:0;border-right:1px solid var(--line);box-shadow:4px 0 14px #0002;padding:8px 0 0}
.drawer.right{right:0;width:260px;border-left:1px solid var(--line);box-shadow:-4px 0 14px #0002;padding:8px 10px;overflow-y:auto}
.search{margin:0 8px 6px;border:1px solid var(--line);border-radius:4px;height:22px;padding:0 7px;background:var(--surface);min-width:0;flex:none}
.search::placeholder{color:var(--muted)}
.tree{flex:1;overflow:auto;min-height:0;padding-bottom:6px}
.item{height:22px;display:flex;align-items:center;gap:5px;padding-right:6px;white-space:nowrap;cursor:pointer}
.item:hover{background:var(--hover)}
.item.sel{background:var(--soft);color:var(--accent)}
.item.off>.label{opacity:.5;text-decoration:line-through}
.item.part>.label{color:var(--muted)}
.item>.label{overflow:hidden;text-overflow:ellipsis}
.item>.note{margin-left:auto;color:var(--muted);font-size:11px;overflow:hidden;text-overflow:ellipsis;max-width:45%;flex:none}
.item>svg.i{width:11px;height:11px}
.item>.twist{width:12px;height:18px;padding:0;border:0;background:none;color:var(--muted);display:grid;place-items:center;flex:none;cursor:pointer}
.item>.twist svg.i{width:9px;height:9px;transition:transform .1s}
.item>.twist.open svg.i{transform:rotate(90deg)}
.item>.eye{margin-left:auto;width:20px;height:20px;padding:0;border:0;background:none;color:var(--muted);display:grid;place-items:center;cursor:pointer;flex:none;border-radius:4px}
.item>.eye svg.i{width:13px;height:13px}
.item>.eye:hover{color:var(--text)}
.head{font-weight:600;overflow-wrap:anywhere}
.sub{color:var(--muted);font-size:11px;margin:2px 0 8px}
.kv{display:grid;grid-template-columns:76px minmax(0,1fr);gap:3px 8px;font-size:11px;margin:0}
.kv dt{color:var(--muted);overflow-wrap:anywhere}
.kv dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums;min-width:0}
.kv dd.pre{white-space:pre-wrap;max-height:120px;overflow:auto}
.group{font-size:11px;font-weight:600;margin:9px 0 4px}
.rule{border-top:1px solid var(--line);margin:9px -10px}
.more{color:var(--muted)}
.swatch{display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:4px;vertical-align:-1px;box-shadow:0 0 0 1px #0002 inset}
.tip{position:absolute;background:var(--surface);border:1px solid var(--line);border-radius:4px;padding:5px 7px;font-size:11px;box-shadow:0 2px 8px #0003;pointer-events:none;line-height:1.5;z-index:8;max-width:260px;overflow-wrap:anywhere}
.tip b{font-weight:600;font-variant-numeric:tabular-nums}
.menu{position:absolute;background:var(--surface);border:1px solid var(--line);border-radius:4px;padding:3px;box-shadow:0 2px 10px #0003;z-index:9;min-width:84px;max-height:200px;overflow:auto}
.menu button{display:flex;width:100%;gap:10px;justify-content:space-between;align-items:center;height:22px;padding:0 8px;border:0;background:none;border-radius:3px;text-align:left;cursor:pointer;white-space:nowrap}
.menu button:hover,.menu button:focus-visible{background:var(--hover);outline:none}
.menu button[aria-checked=true]{color:var(--accent)}
.menuhost{position:relative;display:inline-flex;flex:none}
.track{flex:1;height:24px;position:relative;margin:0 8px;min-width:40px;cursor:pointer;touch-action:none;border-radius:4px}
.track canvas{position:absolute;left:0;top:0;width:100%;height:9px;pointer-events:none}
.track i{position:absolute;left:0;right:0;top:11px;height:2px;background:var(--line);border-radius:2px}
.track .range{position:absolute;top:9px;height:6px;background:var(--soft);border-radius:2px;border:1px solid var(--accent)}
.track em{position:absolute;left:0;top:11px;height:2px;background:var(--accent);border-radius:2px}
.track b{position:absolute;top:6px;width:11px;height:11px;margin-left:-5.5px;border-radius:50%;background:var(--accent);box-shadow:0 0 0 2px var(--surface)}
.time{border:1px solid var(--line);border-radius:4px;height:22px;padding:0 6px;text-align:right;background:var(--surface);min-width:0;flex:0 1 auto;font-variant-numeric:tabular-nums}
.time[aria-invalid=true]{border-color:var(--error)}
.help{position:absolute;inset:0;z-index:10;background:color-mix(in srgb,var(--surface) 90%,transparent);display:grid;place-items:center;overflow:auto;padding:10px}
.help dl{display:grid;grid-template-columns:auto auto;gap:4px 14px;margin:0}
.help dt{text-align:right}
.help dd{margin:0}
.help h2{font-size:12px;margin:0 0 8px;text-align:center}
kbd{font-family:inherit;font-size:11px;border:1px solid var(--line);border-radius:3px;padding:0 4px;color:var(--text)}
.plot{position:absolute;inset:0;overflow:hidden;container:plot/size}
.plot .uplot{position:absolute;left:0;top:0}
.u-wrap{position:relative;user-select:none}
.u-over,.u-under{position:absolute}
.u-under{overflow:hidden}
.uplot canvas{display:block;position:relative;width:100%;height:100%}
.u-axis{position:absolute}
.u-select{background:var(--soft);position:absolute;pointer-events:none}
.u-off{display:none}
.cursor{position:absolute;top:0;bottom:0;width:9px;margin-left:-4.5px;cursor:ew-resize;z-index:2;touch-action:none}
.cursor::after{content:"";position:absolute;left:4px;top:0;bottom:0;width:1px;background:var(--accent)}
.legend{position:absolute;right:10px;top:6px;z-index:3;display:flex;flex-direction:column;align-items:flex-start;max-width:50%;max-height:calc(100% - 34px);overflow:auto;background:color-mix(in srgb,var(--view) 78%,transparent);border-radius:3px}
.legend button{border:0;background:none;padding:0 4px;font-size:11px;line-height:16px;color:var(--muted);display:flex;align-items:center;gap:5px;cursor:pointer;max-width:100%;flex:none}
.legend button:hover{color:var(--text)}
.legend button span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.legend i{width:9px;height:2px;flex:none;border-radius:1px}
.legend button[aria-pressed=false]{opacity:.45;text-decoration:line-through}
@container view (max-width:230px){.view[data-view=time-series]>.state:not(.empty){opacity:0}.view[data-view=time-series]:hover>.state{opacity:1}}
@container plot (max-width:230px) or (max-height:90px){.legend{opacity:0}.plot:hover>.legend,.legend:focus-within{opacity:1}}
.logbar{position:absolute;right:4px;top:0;z-index:2;display:flex;gap:3px;padding:2px 4px;align-items:center;font-size:11px;max-width:100%;background:var(--view);border-radius:4px;opacity:0}
.logwrap:hover .logbar,.logbar:focus-within,.logbar.active{opacity:1}
.logbar .search{margin:0;flex:0 1 120px;height:18px}
.logbar button{border:1px solid transparent;background:none;border-radius:3px;padding:0 4px;font-size:11px;cursor:pointer;line-height:16px;flex:none}
.logbar button[aria-pressed=true]{border-color:var(--line)}
.logbar button[aria-pressed=false]{opacity:.45;text-decoration:line-through}
.logwrap{position:absolute;inset:0;display:flex;flex-direction:column;font-size:11px}
.log{flex:1;min-height:0;overflow:auto;position:relative}
.log:not(.focus){overscroll-behavior:auto}
.log>div{position:relative}
.line{position:absolute;left:0;right:0;display:grid;grid-template-columns:var(--log-time) var(--log-level) minmax(0,1fr);column-gap:8px;padding:0 8px;height:18px;align-items:center;white-space:nowrap;font-variant-numeric:tabular-nums;cursor:pointer}
.line.wide4{grid-template-columns:var(--log-time) var(--log-level) minmax(40px,auto) minmax(0,4fr)}
.line>*{overflow:hidden;text-overflow:ellipsis}
.line:hover{background:var(--hover)}
.line.now{background:var(--soft)}
.line.future{opacity:.55}
.lv-info{color:var(--info)}.lv-warn{color:var(--warn)}.lv-error,.lv-critical{color:var(--error)}.lv-debug,.lv-trace{color:var(--trace)}
.doc{position:absolute;inset:0;overflow:auto;padding:6px 12px 12px;font-size:13px;line-height:1.5;overflow-wrap:break-word}
.doc.plain{white-space:pre-wrap;font-family:var(--jp-code-font-family,ui-monospace,SFMono-Regular,Menlo,Consolas,monospace);font-size:12px}
.doc h1{font-size:17px;margin:.4em 0}.doc h2{font-size:15px;margin:.7em 0 .3em}.doc h3,.doc h4,.doc h5,.doc h6{font-size:13px;margin:.7em 0 .3em}
.doc p,.doc ul,.doc ol,.doc pre,.doc table,.doc blockquote{margin:.45em 0}
.doc ul,.doc ol{padding-left:18px}
.doc a{color:var(--accent)}
.doc code,.doc pre{font-family:var(--jp-code-font-family,ui-monospace,SFMono-Regular,Menlo,Consolas,monospace);font-size:11.5px;background:var(--hover);border-radius:3px}
.doc code{padding:1px 3px}.doc pre{padding:7px 9px;overflow:auto}.doc pre code{background:none;padding:0}
.doc blockquote{border-left:3px solid var(--line);padding-left:9px;color:var(--muted)}
.doc table{border-collapse:collapse}.doc th,.doc td{border:1px solid var(--line);padding:2px 8px;text-align:left}
.doc hr{border:0;border-top:1px solid var(--line)}
.doc img{max-width:100%}
@container view (max-width:160px){.doc{padding:4px 7px 8px;font-size:11.5px;overflow-wrap:anywhere}.doc h1{font-size:14px}.doc h2{font-size:13px}.doc ul,.doc ol{padding-left:14px}}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@container (max-width:480px){.counts,.wide{display:none}.time{flex-shrink:0;padding:0 4px}.track{margin:0 6px}}
@container (max-width:380px){.narrow{display:none}}
@media (prefers-reduced-motion:reduce){.rv *{transition:none!important;animation:none!important}}
`;
