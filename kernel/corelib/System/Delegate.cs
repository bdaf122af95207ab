namespace System;

public abstract class Delegate
{
    private protected Delegate()
    {
    }
}
