extension SternaError {
  /// The kind of a failure. Open: code for which no constant exists yet can be made by name.
  public struct Code: Hashable, Sendable {
    public let name: String
    public init(_ name: String) { self.name = name }

    // What the caller asked for is wrong.
    public static let invalidArgument = Code("invalidArgument")
    public static let schemaMismatch = Code("schemaMismatch")
    public static let unsortedIndex = Code("unsortedIndex")
    public static let unsupported = Code("unsupported")

    // What the caller asked for is not there, or already is.
    public static let libraryNotFound = Code("libraryNotFound")
    public static let symbolNotFound = Code("symbolNotFound")
    public static let versionNotFound = Code("versionNotFound")
    public static let versionPruned = Code("versionPruned")
    public static let snapshotNotFound = Code("snapshotNotFound")
    public static let stagedPieceNotFound = Code("stagedPieceNotFound")
    public static let alreadyExists = Code("alreadyExists")

    // Somebody else was faster, or it cannot be known who was.
    public static let conflict = Code("conflict")
    public static let commitStateUnknown = Code("commitStateUnknown")

    // The store's answers, as the storage contract names them.
    public static let objectNotFound = Code("objectNotFound")
    public static let bucketNotFound = Code("bucketNotFound")
    /// If-Match or If-None-Match did not hold: the object is not in the state that the request named.
    public static let preconditionFailed = Code("preconditionFailed")
    /// 409: another conditional request was in flight. It says nothing about who won: send it again.
    public static let conditionalRequestConflict = Code("conditionalRequestConflict")
    public static let accessDenied = Code("accessDenied")
    public static let credentials = Code("credentials")
    public static let clockSkew = Code("clockSkew")
    public static let wrongRegion = Code("wrongRegion")
    public static let unavailable = Code("unavailable")
    public static let unsupportedStore = Code("unsupportedStore")
    public static let requestFailed = Code("requestFailed")

    // Bytes that are not what they should be.
    public static let corrupt = Code("corrupt")
    public static let unsupportedFormat = Code("unsupportedFormat")

    public static let cancelled = Code("cancelled")
    public static let resourceLimit = Code("resourceLimit")
    public static let fileSystem = Code("fileSystem")
  }
}

extension SternaError.Code: CustomStringConvertible {
  public var description: String { name }
}
