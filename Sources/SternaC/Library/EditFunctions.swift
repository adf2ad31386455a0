// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Sterna
import SternaBase

@c @implementation
public func sterna_library_delete_rows(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) in
    (try required(options.time(), "time"), options.take("metadata"), try options.terms())
  }
  return Target.start(library, symbol, options, read) { target, request in
    let (time, metadata, terms) = request
    let library = target.committing(on: terms).library
    return Answer(
      json: JSONValue(try await library.deleteRows(of: target.symbol, time: time, metadata: metadata)))
  }
}

@c @implementation
public func sterna_library_write_metadata(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) in
    (options.take("metadata") ?? .null, try options.terms())
  }
  return Target.start(library, symbol, options, read) { target, request in
    let (metadata, terms) = request
    let library = target.committing(on: terms).library
    return Answer(json: JSONValue(try await library.writeMetadata(target.symbol, metadata)))
  }
}

@c @implementation
public func sterna_library_restore(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) in try options.asOf() }
  return Target.start(library, symbol, options, read) { target, asOf in
    Answer(json: JSONValue(try await target.library.restore(target.symbol, asOf: asOf)))
  }
}

@c @implementation
public func sterna_library_delete_versions(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) in
    try required(options.counts("versions"), "versions")
  }
  return Target.start(library, symbol, options, read) { target, versions in
    try await target.library.deleteVersions(versions, of: target.symbol)
    return Answer()
  }
}

@c @implementation
public func sterna_library_delete_symbol(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!
) -> OpaquePointer! {
  Target.start(library, symbol, nil, { _ in }) { target, _ in
    try await target.library.deleteSymbol(target.symbol)
    return Answer()
  }
}
