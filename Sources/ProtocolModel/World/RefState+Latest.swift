import VersionStore

extension RefState {
  /// The newest version that can be read. The worlds here are small enough that every entry is a recent
  /// one.
  var latest: VersionEntry? { isDeleted ? nil : recent.last { $0.isLive } }
}
