// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Columnar
import Sterna
import SternaBase

/// A library and the symbol, or snapshot, that a call names; read from C before the call returns.
struct Target: Sendable {
  let library: Library
  let symbol: String

  /// The same symbol, for commits on these terms.
  func committing(on terms: CommitTerms) -> Target {
    Target(library: library.committing(on: terms), symbol: symbol)
  }

  /// Starts work on a symbol.
  static func start<Request: Sendable>(
    _ library: OpaquePointer?, _ symbol: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?,
    _ request: (inout Options) throws(SternaError) -> Request,
    _ work: @escaping @Sendable (Target, Request) async throws -> Answer
  ) -> OpaquePointer {
    var inWaitingThread = false
    let arguments = Result { () throws(SternaError) in
      var options = try Options(options)
      inWaitingThread = try options.flag("in_waiting_thread") ?? false
      let read = try request(&options)
      try options.finish()
      let target = Target(
        library: try Handle.value(library, Library.self), symbol: try requiredText(symbol, "symbol's name"))
      return (target, read)
    }
    return Operation.start(inWaitingThread: inWaitingThread) {
      let (target, request) = try arguments.get()
      return try await work(target, request)
    }
  }
}

@c @implementation
public func sterna_library_free(_ library: OpaquePointer!) { Handle.release(library, Box<Library>.self) }

@c @implementation
public func sterna_library_symbols(_ library: OpaquePointer!) -> OpaquePointer! {
  let library = Result { () throws(SternaError) in try Handle.value(library, Library.self) }
  return Operation.start {
    Answer(json: .array(try await library.get().symbolNames().map { .string($0) }))
  }
}

@c @implementation
public func sterna_library_has_symbol(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!
) -> OpaquePointer! {
  Target.start(library, symbol, nil, { _ in }) { target, _ in
    Answer(json: .bool(try await target.library.hasSymbol(target.symbol)))
  }
}

@c @implementation
public func sterna_library_versions(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!
) -> OpaquePointer! {
  Target.start(library, symbol, nil, { _ in }) { target, _ in
    Answer(json: .array(try await target.library.versions(of: target.symbol).map { JSONValue($0) }))
  }
}

@c @implementation
public func sterna_library_describe(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  Target.start(library, symbol, options, { (options) throws(SternaError) in try options.asOf() }) {
    target, asOf in
    Answer(json: JSONValue(try await target.library.description(of: target.symbol, asOf: asOf)))
  }
}
