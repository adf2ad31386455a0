// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Sterna
import SternaBase

@c @implementation
public func sterna_library_prune(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) in
    (try options.retention(), try options.flag("dry_run") ?? false)
  }
  return Target.start(library, symbol, options, read) { target, request in
    let (retention, isDryRun) = request
    let (library, symbol) = (target.library, target.symbol)
    let numbers =
      isDryRun
      ? try await library.versionsToPrune(of: symbol, keeping: retention)
      : try await library.prune(symbol, keeping: retention)
    return Answer(json: .array(numbers.map { .int64(Int64($0)) }))
  }
}

@c @implementation
public func sterna_library_collect(
  _ library: OpaquePointer!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  start(library, options) { (options) throws(SternaError) in
    (
      try options.text("symbol"), try options.flag("dry_run") ?? false, try options.text("resume_after")
    )
  } work: { library, request in
    let (symbol, isDryRun, resumeAfter) = request
    guard let symbol else {
      return Answer(
        json: JSONValue(try await library.collect(isDryRun: isDryRun, resumeAfter: resumeAfter)))
    }
    return Answer(json: JSONValue(try await library.collect(symbol, isDryRun: isDryRun)))
  }
}

@c @implementation
public func sterna_library_verify(
  _ library: OpaquePointer!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  start(library, options) { (options) throws(SternaError) in
    (try options.text("symbol"), try options.choice("thoroughness", of: Thoroughness.self) ?? .hashes)
  } work: { library, request in
    let (symbol, thoroughness) = request
    guard let symbol else { return Answer(json: JSONValue(try await library.verify(thoroughness))) }
    return Answer(json: JSONValue(try await library.verify(symbol, thoroughness)))
  }
}

@c @implementation
public func sterna_library_sizes(_ library: OpaquePointer!) -> OpaquePointer! {
  start(library, nil) { _ in
  } work: { library, _ in
    Answer(json: JSONValue(try await library.sizes()))
  }
}

/// Starts work on a whole library.
private func start<Request: Sendable>(
  _ library: OpaquePointer?, _ options: UnsafePointer<CChar>?,
  _ request: (inout Options) throws(SternaError) -> Request,
  work: @escaping @Sendable (Library, Request) async throws -> Answer
) -> OpaquePointer {
  let arguments = Result { () throws(SternaError) in
    var options = try Options(options)
    let read = try request(&options)
    try options.finish()
    return (try Handle.value(library, Library.self), read)
  }
  return Operation.start {
    let (library, request) = try arguments.get()
    return try await work(library, request)
  }
}

extension Options {
  /// Which versions stay; the newest alone unless a rule is given.
  fileprivate mutating func retention() throws(SternaError) -> Retention {
    let (last, shortLast) = (try rule("keep_last"), try rule("keep"))
    let (days, daily) = (try rule("keep_days"), try rule("keep_daily"))
    let rules = Retention(lastCount: last ?? shortLast, dayCount: days, dailyCount: daily)
    return rules == Retention() ? Retention(lastCount: 1) : rules
  }

  private mutating func rule(_ name: String) throws(SternaError) -> Int? {
    guard let count = try count(name) else { return nil }
    guard count > 0 else {
      throw SternaError(
        .invalidArgument, "option '\(name)' is \(count)", advice: "Give 1 or more, or leave it out.")
    }
    return count
  }
}

extension JSONValue {
  fileprivate init(_ result: CollectionResult) {
    let failures = result.failures.map { failure -> JSONValue in
      [
        "symbol": .string(failure.symbol), "code": .string(failure.error.code.name),
        "message": .string(failure.error.message),
      ]
    }
    self = [
      "symbol_count": .int64(Int64(result.symbolCount)),
      "kept_block_count": .int64(Int64(result.keptBlockCount)),
      "kept_byte_count": .int64(Int64(result.keptByteCount)),
      "deleted_block_count": .int64(Int64(result.deletedBlockCount)),
      "deleted_byte_count": .int64(Int64(result.deletedByteCount)),
      "withdrawn_snapshots": .array(result.withdrawnSnapshots.map { .string($0) }),
      "failures": .array(failures), "resume_after": result.resumeAfter.map { .string($0) } ?? .null,
    ]
  }

  fileprivate init(_ result: VerificationResult) {
    let problems = result.problems.map { problem -> JSONValue in
      [
        "kind": .string(problem.kind), "key": .string(problem.key), "what": .string(problem.what),
        "location": .string(problem.location),
      ]
    }
    self = [
      "problems": .array(problems), "symbol_count": .int64(Int64(result.symbolCount)),
      "snapshot_count": .int64(Int64(result.snapshotCount)),
      "version_count": .int64(Int64(result.versionCount)),
      "block_count": .int64(Int64(result.blockCount)), "byte_count": .int64(Int64(result.byteCount)),
      "unreferenced_block_count": .int64(Int64(result.unreferencedBlockCount)),
      "unreferenced_byte_count": .int64(Int64(result.unreferencedByteCount)),
    ]
  }
}
