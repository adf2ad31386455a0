// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Sterna
import SternaBase

@c @implementation
public func sterna_store_open(
  _ uri: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let request = Result { () throws(SternaError) in
    (try requiredText(uri, "store's address"), try StoreOptions(options))
  }
  return Operation.start {
    let (uri, options) = try request.get()
    return Answer(store: try await Store.open(uri, options: options))
  }
}

@c @implementation
public func sterna_store_free(_ store: OpaquePointer!) { Handle.release(store, Box<Store>.self) }

@c @implementation
public func sterna_store_library(
  _ store: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let creation = Result { () throws(SternaError) -> LibraryOptions? in
    var options = try Options(options)
    let creates = try options.flag("create") ?? false
    let chosen = try options.libraryOptions()
    try options.finish()
    return creates ? chosen ?? LibraryOptions() : nil
  }
  return onStore(store, name) { store, name in
    let (library, isNew) = try await store.openLibrary(name, creatingWith: try creation.get())
    return Answer(
      json: ["is_new": .bool(isNew), "options": library.options.stored ?? .object([])], library: library)
  }
}

@c @implementation
public func sterna_store_change_library(
  _ store: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let change = Result { () throws(SternaError) -> [JSONValue.Member] in
    var options = try Options(options)
    let members = try options.members("options")
    try options.finish()
    return members
  }
  return onStore(store, name) { store, name in
    let members = try change.get()
    let changed = try await store.changeOptions(of: name) { options in
      let kept = options.stored?.objectValue?.filter { old in !members.contains { $0.name == old.name } }
      options = LibraryOptions(stored: .object((kept ?? []) + members.filter { $0.value != .null }))
    }
    return Answer(json: changed.stored ?? .object([]))
  }
}

@c @implementation
public func sterna_store_create_library(
  _ store: OpaquePointer!, _ name: UnsafePointer<CChar>!
) -> OpaquePointer! {
  onStore(store, name) { Answer(json: .bool(try await $0.createLibrary($1))) }
}

@c @implementation
public func sterna_store_delete_library(
  _ store: OpaquePointer!, _ name: UnsafePointer<CChar>!
) -> OpaquePointer! {
  onStore(store, name) { store, name in
    try await store.deleteLibrary(name)
    return Answer()
  }
}

@c @implementation
public func sterna_store_has_library(
  _ store: OpaquePointer!, _ name: UnsafePointer<CChar>!
) -> OpaquePointer! {
  onStore(store, name) { Answer(json: .bool(try await $0.hasLibrary($1))) }
}

@c @implementation
public func sterna_store_libraries(_ store: OpaquePointer!) -> OpaquePointer! {
  let store = Result { () throws(SternaError) in try Handle.value(store, Store.self) }
  return Operation.start {
    Answer(json: .array(try await store.get().libraries().map { .string($0) }))
  }
}

/// Starts work on a store and a library's name. Arguments are read now: C may free them when this returns.
private func onStore(
  _ store: OpaquePointer?, _ name: UnsafePointer<CChar>?,
  _ work: @escaping @Sendable (Store, String) async throws -> Answer
) -> OpaquePointer {
  let arguments = Result { () throws(SternaError) in
    (try Handle.value(store, Store.self), try requiredText(name, "library's name"))
  }
  return Operation.start {
    let (store, name) = try arguments.get()
    return try await work(store, name)
  }
}
