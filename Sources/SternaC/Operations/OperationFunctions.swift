// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CArrow
import CSterna
import Columnar
import Sterna
import SternaBase

@c @implementation
public func sterna_abi_version() -> Int32 { STERNA_ABI_VERSION }

@c @implementation
public func sterna_operation_wait(_ operation: OpaquePointer!, _ timeoutMilliseconds: Int64) -> Int32 {
  Handle.object(operation, Operation.self)?.wait(timeoutMilliseconds: timeoutMilliseconds) ?? true ? 1 : 0
}

@c @implementation
public func sterna_operation_cancel(_ operation: OpaquePointer!) {
  Handle.object(operation, Operation.self)?.cancel()
}

@c @implementation
public func sterna_operation_error(_ operation: OpaquePointer!) -> UnsafePointer<sterna_error>! {
  Handle.object(operation, Operation.self)?.error
}

@c @implementation
public func sterna_operation_json(_ operation: OpaquePointer!) -> UnsafePointer<CChar>! {
  Handle.object(operation, Operation.self)?.json
}

@c @implementation
public func sterna_operation_take_store(_ operation: OpaquePointer!) -> OpaquePointer! {
  Handle.object(operation, Operation.self)?.take(\.store).map { Handle.retain(Box($0)) }
}

@c @implementation
public func sterna_operation_take_library(_ operation: OpaquePointer!) -> OpaquePointer! {
  Handle.object(operation, Operation.self)?.take(\.library).map { Handle.retain(Box($0)) }
}

@c @implementation
public func sterna_operation_take_stream(
  _ operation: OpaquePointer!, _ out: UnsafeMutablePointer<ArrowArrayStream>!
) -> Int32 {
  guard let out, let frames = Handle.object(operation, Operation.self)?.take(\.frames) else { return 0 }
  switch frames {
  case .frame(let frame): out.initialize(to: ArrowArrayStream(exporting: frame))
  case .sequence(let sequence):
    let pull = BlockingPull(sequence)
    out.initialize(to: ArrowArrayStream(exporting: sequence.schema) { pull.next() })
  }
  return 1
}

/// Freeing an operation that still runs cancels it.
@c @implementation
public func sterna_operation_free(_ operation: OpaquePointer!) {
  Handle.object(operation, Operation.self)?.abandon()
  Handle.release(operation, Operation.self)
}
