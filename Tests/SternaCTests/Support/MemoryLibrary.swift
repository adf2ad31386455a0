import CSterna
import SternaBase
import SternaC
import Testing

/// Calls `body` with a library of a new store in memory; in a thread that may block.
func withMemoryLibrary<Result>(_ name: String, _ body: (OpaquePointer?) throws -> Result) rethrows -> Result
{
  let opening = sterna_store_open("memory://\(name)", nil)
  #expect(sterna_operation_wait(opening, -1) == 1)
  let store = sterna_operation_take_store(opening)
  sterna_operation_free(opening)
  let making = sterna_store_library(store, "library", #"{"create": true}"#)
  #expect(sterna_operation_wait(making, -1) == 1)
  let library = sterna_operation_take_library(making)
  sterna_operation_free(making)
  sterna_store_free(store)
  defer { sterna_library_free(library) }
  return try body(library)
}

/// Waits for an operation and frees it: its answer, or `{"code": the error's}`.
func answer(of operation: OpaquePointer?) throws -> JSONValue {
  #expect(sterna_operation_wait(operation, -1) == 1)
  defer { sterna_operation_free(operation) }
  if let error = sterna_operation_error(operation) {
    return ["code": .string(String(cString: error.pointee.code))]
  }
  guard let text = sterna_operation_json(operation) else { return .null }
  return try JSONValue(parsing: String(cString: text), subject: "answer")
}
