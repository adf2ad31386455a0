// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Sterna
import SternaBase

@c @implementation
public func sterna_library_snapshot(
  _ library: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) in
    (try options.versions(), options.take("metadata"))
  }
  return Target.start(library, name, options, read) { target, request in
    let (versions, metadata) = request
    if let versions {
      try await target.library.snapshot(target.symbol, versions: versions, metadata: metadata)
    } else {
      try await target.library.snapshot(target.symbol, metadata: metadata)
    }
    return Answer()
  }
}

@c @implementation
public func sterna_library_delete_snapshot(
  _ library: OpaquePointer!, _ name: UnsafePointer<CChar>!
) -> OpaquePointer! {
  Target.start(library, name, nil, { _ in }) { target, _ in
    try await target.library.deleteSnapshot(target.symbol)
    return Answer()
  }
}

@c @implementation
public func sterna_library_snapshots(_ library: OpaquePointer!) -> OpaquePointer! {
  let library = Result { () throws(SternaError) in try Handle.value(library, Library.self) }
  return Operation.start {
    Answer(json: .array(try await library.get().listSnapshots().map { JSONValue($0) }))
  }
}

@c @implementation
public func sterna_library_snapshot_versions(
  _ library: OpaquePointer!, _ name: UnsafePointer<CChar>!
) -> OpaquePointer! {
  Target.start(library, name, nil, { _ in }) { target, _ in
    let versions = try await target.library.versions(inSnapshot: target.symbol)
    return Answer(json: .array(versions.map { JSONValue($0) }))
  }
}
