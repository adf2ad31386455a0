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
  startWriting(library, symbol, data, options) { target, request, stream in
    try await target.library.write(target.symbol, stream, metadata: request.metadata)
  }
}

@c @implementation
public func sterna_library_append(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!,
  _ data: UnsafeMutablePointer<ArrowArrayStream>!,
  _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  startWriting(library, symbol, data, options) { target, request, stream in
    try await target.library.append(target.symbol, stream, metadata: request.metadata)
  }
}

@c @implementation
public func sterna_library_update(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!,
  _ data: UnsafeMutablePointer<ArrowArrayStream>!,
  _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  startWriting(library, symbol, data, options) { target, request, stream in
    try await target.library.update(
      target.symbol, try await stream.collected(), time: request.time,
      createSymbol: request.createsSymbol,
      metadata: request.metadata)
  }
}

@c @implementation
public func sterna_library_stage(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!,
  _ data: UnsafeMutablePointer<ArrowArrayStream>!,
  _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  defer { if let data, let release = data.pointee.release { release(data) } }
  let read = { (options: inout Options) throws(SternaError) -> StageRequest in
    try StageRequest(&options, data)
  }
  return Target.start(library, symbol, options, read) { target, request in
    try await request.frames.closing { stream in
      let (library, symbol) = (target.library, target.symbol)
      guard let sortKey = request.sortKey else {
        return Answer(json: JSONValue(try await library.stage(symbol, stream, metadata: request.metadata)))
      }
      let sorted = try await stream.collected().sorted(by: sortKey)
      return Answer(json: JSONValue(try await library.stage(symbol, sorted, metadata: request.metadata)))
    }
  }
}

private struct StageRequest: Sendable {
  let frames: PulledFrames
  let sortKey: String?
  let metadata: JSONValue?

  init(_ options: inout Options, _ data: UnsafeMutablePointer<ArrowArrayStream>?) throws(SternaError) {
    metadata = options.take("metadata")
    let index = try options.index()
    guard try options.flag("sort") ?? false else {
      (frames, sortKey) = (try takeFrames(data, index: index), nil)
      return
    }
    guard case .named(let name) = index else {
      throw SternaError(
        .invalidArgument, "the index to sort by is not named", advice: "Give its name as option 'index'.")
    }
    // Rows are no frame with an index before they are sorted.
    (frames, sortKey) = (try takeFrames(data, index: .none), name)
  }
}

/// Takes a stream over.
private func takeFrames(
  _ data: UnsafeMutablePointer<ArrowArrayStream>?, index: ArrowIndex
) throws(SternaError) -> PulledFrames {
  guard let data, data.pointee.release != nil else {
    throw SternaError(
      .invalidArgument, "the stream of data is NULL or released", advice: "Pass a stream of batches.")
  }
  return try PulledFrames(taking: data, index: index)
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
  _ write: @escaping @Sendable (Target, WriteRequest, FrameStream) async throws -> VersionInfo
) -> OpaquePointer {
  defer { if let data, let release = data.pointee.release { release(data) } }
  let read = { (options: inout Options) throws(SternaError) -> WriteRequest in
    let metadata = options.take("metadata")
    let index = try options.index()
    let time = try options.time()
    let creates = try options.flag("create") ?? false
    return WriteRequest(
      frames: try takeFrames(data, index: index), metadata: metadata, terms: try options.terms(),
      time: time,
      createsSymbol: creates)
  }
  return Target.start(library, symbol, options, read) { target, request in
    try await request.frames.closing { stream in
      Answer(json: JSONValue(try await write(target.committing(on: request.terms), request, stream)))
    }
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
