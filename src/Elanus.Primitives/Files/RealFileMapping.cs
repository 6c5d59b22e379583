using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Elanus.Primitives;

/// <summary>Pages of a file, shared with the page cache. Views must not outlive Dispose.</summary>
internal sealed unsafe class RealFileMapping : IFileMapping
{
    private readonly OpenFiles.Use use;
    private byte* pointer;

    public RealFileMapping(string path, SafeFileHandle handle, OpenFiles.Use use, long length)
    {
        this.use = use;
        Length = length;
        if (length == 0)
        {
            // An empty file cannot be mapped; there is nothing to point to.
            return;
        }

        var mapped = LibC.Map(null, (nuint)length, LibC.ProtectionRead, LibC.MapShared, handle, 0);
        if ((nint)mapped == -1)
        {
            throw RealFileSystem.Fault("mapping", path, Marshal.GetLastPInvokeError());
        }

        pointer = (byte*)mapped;
    }

    ~RealFileMapping() => Free();

    public long Length { get; }

    public byte* Pointer
    {
        get
        {
            Invariant.Holds(pointer != null || Length == 0, "a mapped file was read after it was unmapped");
            return pointer;
        }
    }

    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        Invariant.Holds(offset >= 0 && length >= 0 && offset + length <= Length, "a span reaches past its mapped file");
        return new ReadOnlySpan<byte>(Pointer + offset, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        var owned = pointer;
        pointer = null;
        if (owned != null)
        {
            _ = LibC.Unmap(owned, (nuint)Length);
        }

        use.Dispose();
    }
}
