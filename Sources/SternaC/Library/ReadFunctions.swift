// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Columnar
import Sterna
import SternaBase

@c @implementation
public func sterna_library_read(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  Target.start(library, symbol, options, ReadRequest.init) { target, request in
    let result = try await request.read(target)
    return Answer(
      json: JSONValue(result.version, metadata: result.metadata, schema: result.frame.schema),
      frames: .frame(result.frame))
  }
}

@c @implementation
public func sterna_library_scan(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  Target.start(library, symbol, options, ReadRequest.init) { target, request in
    let frames = try await request.scan(target)
    let metadata = try await target.library.metadata(
      of: target.symbol, asOf: .version(frames.version.version))
    return Answer(
      json: JSONValue(frames.version, metadata: metadata, schema: frames.schema), frames: .sequence(frames))
  }
}

/// Which rows and columns of which version.
private struct ReadRequest: Sendable {
  private enum Rows: Sendable {
    case all
    case time(ClosedRange<Timestamp>)
    case numbers(Range<Int>)
    case head(Int)
    case tail(Int)
  }

  private let asOf: AsOf
  private let columns: [String]?
  private let rows: Rows
  private let textLayout: TextLayout

  init(_ options: inout Options) throws(SternaError) {
    asOf = try options.asOf()
    columns = try options.texts("columns")
    textLayout = try options.choice("text_layout", of: TextLayout.self) ?? .values
    var choices: [Rows] = []
    if let (first, last) = try options.instants() {
      choices.append(first <= last ? .time(first...last) : .numbers(0..<0))
    }
    if let (first, last) = try options.pair("rows") {
      choices.append(.numbers(Int(first)..<Int(max(first, last))))
    }
    if let count = try options.count("head") { choices.append(.head(count)) }
    if let count = try options.count("tail") { choices.append(.tail(count)) }
    guard choices.count < 2 else {
      throw SternaError(
        .invalidArgument, "rows were chosen in \(choices.count) ways",
        advice: "Give one of time, rows, head and tail.")
    }
    rows = choices.first ?? .all
  }

  func read(_ target: Target) async throws -> ReadResult {
    let (library, symbol) = (target.library, target.symbol)
    switch rows {
    case .all:
      return try await library.read(symbol, columns: columns, textLayout: textLayout, asOf: asOf)
    case .time(let range):
      return try await library.read(
        symbol, time: range, columns: columns, textLayout: textLayout, asOf: asOf)
    case .numbers(let range):
      return try await library.read(
        symbol, rows: range, columns: columns, textLayout: textLayout, asOf: asOf)
    case .head(let count):
      return try await library.head(symbol, count, columns: columns, textLayout: textLayout, asOf: asOf)
    case .tail(let count):
      return try await library.tail(symbol, count, columns: columns, textLayout: textLayout, asOf: asOf)
    }
  }

  func scan(_ target: Target) async throws -> FrameSequence {
    guard textLayout == .values else {
      throw SternaError(
        .unsupported, "a scan cannot lay texts out as dictionaries", advice: "Use read, or leave it out.")
    }
    let (library, symbol) = (target.library, target.symbol)
    switch rows {
    case .all: return try await library.scan(symbol, columns: columns, asOf: asOf)
    case .time(let range): return try await library.scan(symbol, time: range, columns: columns, asOf: asOf)
    case .numbers(let range):
      return try await library.scan(symbol, rows: range, columns: columns, asOf: asOf)
    case .head, .tail:
      throw SternaError(
        .unsupported, "a scan cannot choose the first or last rows", advice: "Use read, or rows by number.")
    }
  }
}
