// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Sterna
import SternaBase

@c @implementation
public func sterna_library_commit_staged(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  Target.start(library, symbol, options, StagedCommitRequest.init) { target, request in
    Answer(
      json: JSONValue(
        try await target.committing(on: request.terms).library.commitStaged(
          target.symbol, tokens: request.tokens, as: request.mode, merging: request.merges,
          metadata: request.metadata)))
  }
}

@c @implementation
public func sterna_library_staged(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let arguments = Result { () throws(SternaError) in
    (
      try Handle.value(library, Library.self),
      symbol == nil ? nil : try requiredText(symbol, "symbol's name")
    )
  }
  return Operation.start {
    let (library, symbol) = try arguments.get()
    return Answer(json: .array(try await library.stagedRows(of: symbol).map { JSONValue($0) }))
  }
}

@c @implementation
public func sterna_library_abandon_staged(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) in try options.texts("tokens") }
  return Target.start(library, symbol, options, read) { target, tokens in
    Answer(json: .int64(Int64(try await target.library.abandonStaged(target.symbol, tokens: tokens))))
  }
}

@c @implementation
public func sterna_library_resolve(
  _ library: OpaquePointer!, _ commitToken: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let arguments = Result { () throws(SternaError) in
    (try Handle.value(library, Library.self), try requiredText(commitToken, "commit token"))
  }
  return Operation.start {
    let (library, token) = try arguments.get()
    return Answer(json: JSONValue(try await library.resolve(token)))
  }
}

private struct StagedCommitRequest: Sendable {
  let tokens: [String]?
  let mode: StagedMode
  let merges: Bool
  let metadata: JSONValue?
  let terms: CommitTerms

  init(_ options: inout Options) throws(SternaError) {
    tokens = try options.texts("tokens")
    mode = try options.choice("mode", of: StagedMode.self) ?? .replace
    merges = try options.flag("merge") ?? false
    metadata = options.take("metadata")
    terms = try options.terms()
  }
}
