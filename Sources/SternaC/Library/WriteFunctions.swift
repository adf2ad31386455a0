// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CArrow
import CSterna
import Columnar
import Sterna
import SternaBase

@c @implementation
public func sterna_library_write(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!,
  _ data: UnsafeMutablePointer<ArrowArrayStream>!,
  _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  startWriting(library, symbol, data, options) { target, request in
    try await target.library.write(target.symbol, request.frames.stream, metadata: request.metadata)
  }
}

@c @implementation
public func sterna_library_append(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!,
  _ data: UnsafeMutablePointer<ArrowArrayStream>!,
  _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  startWriting(library, symbol, data, options) { target, request in
    try await target.library.append(target.symbol, request.frames.stream, metadata: request.metadata)
  }
}

@c @implementation
public func sterna_library_update(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!,
  _ data: UnsafeMutablePointer<ArrowArrayStream>!,
  _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  startWriting(library, symbol, data, options) { target, request in
    try await target.library.update(
      target.symbol, try await request.frames.stream.collected(), time: request.time,
      createSymbol: request.createsSymbol,
      metadata: request.metadata)
  }
}

/// What functions that take columns are asked for.
private struct WriteRequest: Sendable {
  let frames: PulledFrames
  let metadata: JSONValue?
  let terms: CommitTerms
  // Of updates only.
  var time: ClosedRange<Timestamp>?
  var createsSymbol = false
}

/// Reads the request and takes the stream over, whatever else is wrong with the call.
private func startWriting(
  _ library: OpaquePointer?, _ symbol: UnsafePointer<CChar>?,
  _ data: UnsafeMutablePointer<ArrowArrayStream>?, _ options: UnsafePointer<CChar>?,
  _ write: @escaping @Sendable (Target, WriteRequest) async throws -> VersionInfo
) -> OpaquePointer {
  defer { if let data, let release = data.pointee.release { release(data) } }
  let read = { (options: inout Options) throws(SternaError) -> WriteRequest in
    let metadata = options.take("metadata")
    let index = try options.index()
    let time = try options.time()
    let creates = try options.flag("create") ?? false
    let terms = try options.terms()
    guard let data, data.pointee.release != nil else {
      throw SternaError(
        .invalidArgument, "the stream of data is NULL or released", advice: "Pass a stream of batches.")
    }
    return WriteRequest(
      frames: try PulledFrames(taking: data, index: index), metadata: metadata, terms: terms, time: time,
      createsSymbol: creates)
  }
  return Target.start(library, symbol, options, read) { target, request in
    Answer(json: JSONValue(try await write(target.committing(on: request.terms), request)))
  }
}

extension Options {
  fileprivate mutating func index() throws(SternaError) -> ArrowIndex {
    switch take("index") {
    case nil, .bool(false): return .none
    case .bool(true): return .first
    case .string(let name): return .named(name)
    default:
      throw SternaError(
        .invalidArgument, "option 'index' is neither a column's name nor a truth value",
        advice: "Name the index column, or say true for the first one.")
    }
  }
}
