// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import SternaBase

@c @implementation
public func sterna_memory_new(_ size: Int) -> OpaquePointer! {
  (try? ByteStorage(untrustedCount: size)).map { Handle.retain($0) }
}

@c @implementation
public func sterna_memory_address(_ memory: OpaquePointer!) -> UnsafeMutableRawPointer! {
  Handle.object(memory, ByteStorage.self)?.mutableBytes.baseAddress
}

@c @implementation
public func sterna_memory_free(_ memory: OpaquePointer!) {
  Handle.release(memory, ByteStorage.self)
}
