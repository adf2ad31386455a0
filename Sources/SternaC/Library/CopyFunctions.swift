// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Sterna
import SternaBase

@c @implementation
public func sterna_library_copy(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ destination: OpaquePointer!,
  _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) -> CopyRequest in
    try CopyRequest(&options, destination)
  }
  return Target.start(library, symbol, options, read) { target, request in
    let written = try await target.library.copy(
      target.symbol, to: request.destination, as: request.newName, asOf: request.asOf)
    return Answer(json: .array(written.map { JSONValue($0) }))
  }
}

@c @implementation
public func sterna_library_rename(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) in try required(options.text("to"), "to") }
  return Target.start(library, symbol, options, read) { target, newName in
    try await target.library.rename(target.symbol, to: newName)
    return Answer()
  }
}

private struct CopyRequest: Sendable {
  let destination: Library?
  let newName: String?
  /// Nil for all versions.
  let asOf: AsOf?

  init(_ options: inout Options, _ destination: OpaquePointer?) throws(SternaError) {
    self.destination = destination == nil ? nil : try Handle.value(destination, Library.self)
    newName = try options.text("to")
    let chosen = try options.version("as_of")
    let copiesAll = try options.flag("all_versions") ?? false
    guard chosen == nil || !copiesAll else {
      throw SternaError(
        .invalidArgument, "both a version and all versions are to be copied",
        advice: "Give one of as_of and all_versions.")
    }
    asOf = copiesAll ? nil : chosen ?? .latest
  }
}
