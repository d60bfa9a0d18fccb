export {
  type RawCallOptions,
  type RawClientCall,
  RpcChannel,
  type RpcChannelOptions,
} from "./client/rpc-channel.js";
export {
  columnsFromDataframePart,
  type DecodePartOptions,
  dataframePartFromIpc,
  type EncodePartOptions,
  ipcFromDataframePart,
  tableFromDataframePart,
} from "./dataframe-part.js";
export { decodeMessage } from "./decode-message.js";
export { firstMessage } from "./first-message.js";
export { FRAME_HEAD_BYTES, writeFrameHead } from "./grpc-frames.js";
export { LogMsgDecoder, logMsgOfFrame } from "./log-msg-codec.js";
export { MessageProxy, type MessageProxyOptions, type MessageProxyStats } from "./proxy/message-proxy.js";
export {
  type MessageProxyServer,
  type MessageProxyServerOptions,
  proxyRoutes,
  startMessageProxy,
} from "./proxy/proxy-server.js";
export { DEFAULT_PROXY_PORT, parseProxyUrl, parseRedapUrl, proxyUrl, type RedapUrl } from "./redap-url.js";
export type { CallMemory } from "./server/answer-memory.js";
export {
  type RawCall,
  type RawHandler,
  type RpcRequest,
  type RpcResponse,
  type RpcRoute,
  rawRoute,
} from "./server/raw-stream.js";
export { type RpcServer, type RpcServerOptions, startRpcServer } from "./server/rpc-server.js";
export {
  type CallContext,
  type MethodHandler,
  type ServiceHandlers,
  serviceRoutes,
} from "./server/service-routes.js";
export { isServerBusy, rerunErrorOf } from "./status.js";
export { authorizationFor } from "./token.js";
