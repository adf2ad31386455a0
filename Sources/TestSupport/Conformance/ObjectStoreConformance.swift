package import ObjectStore
internal import SternaBase

/// What every object store must do, as named cases that run unchanged on any of them.
///
///     @Test(arguments: ObjectStoreConformance.cases)
///     func conforms(_ testCase: ObjectStoreConformance.Case) async throws {
///       try await testCase.run(on: MemoryObjectStore())
///     }
///
/// A case keeps to keys below a prefix of its own and removes them in the end, so that it may run on a
/// bucket that others use. It throws a `ConformanceFailure` that says what the store did wrong.
package enum ObjectStoreConformance {
  package struct Case: Sendable, CustomStringConvertible {
    /// The rule that the case checks.
    package let description: String
    let body: @Sendable (ConformanceRun) async throws -> Void

    init(_ description: String, _ body: @escaping @Sendable (ConformanceRun) async throws -> Void) {
      self.description = description
      self.body = body
    }

    package func run(on store: any ObjectStore, quirks: ObjectStoreQuirks = []) async throws {
      var generator = SystemRandomNumberGenerator()
      // Short: with a key of 1,000 bytes behind it the whole stays below the limit of 1,024.
      let prefix = "c-\(String(generator.next(), radix: 36))/"
      let run = ConformanceRun(
        store: PrefixedObjectStore(store, prefix: prefix), prefixByteCount: prefix.utf8.count,
        quirks: quirks)
      do {
        try await body(run)
      } catch {
        try? await run.removeAll()
        throw error
      }
      try await run.removeAll()
    }
  }

  package static let cases = reading + writing + deleting + listing + keys + races
}

/// What a store is known not to do, so that the rest can still be asked of it.
package struct ObjectStoreQuirks: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Keys with empty components (`a//b`, a leading or trailing slash).
  package static let noEmptyComponents = ObjectStoreQuirks(rawValue: 1 << 0)
  /// Keys with the components `.` and `..`.
  package static let noDotComponents = ObjectStoreQuirks(rawValue: 1 << 1)
  /// Components of more than 255 bytes.
  package static let noLongComponents = ObjectStoreQuirks(rawValue: 1 << 2)
  /// A key that is another's folder: `a` next to `a/b`.
  package static let noKeyUnderKey = ObjectStoreQuirks(rawValue: 1 << 3)
  /// Conditional puts that hold under a race.
  package static let noConditionalPuts = ObjectStoreQuirks(rawValue: 1 << 4)
  /// `startAfter` together with a delimiter.
  package static let noStartAfterWithDelimiter = ObjectStoreQuirks(rawValue: 1 << 5)
  /// Whole objects for a reader beside writers of the same key.
  package static let noAtomicObjects = ObjectStoreQuirks(rawValue: 1 << 6)
  /// Keys that differ in how an accent is spelled (`é` as one character or as two).
  package static let noUnicodeSpellings = ObjectStoreQuirks(rawValue: 1 << 7)
}

package struct ConformanceFailure: Error, CustomStringConvertible {
  package let description: String
}
